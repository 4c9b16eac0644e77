/** Sample screens up to the home page. */
import type { Choice, TextSize } from '../../contract/view.schema.ts';
import type { NamedScreen, Say } from './sample-views.ts';
import { COMMON, words } from './sample-words.ts';

export function entryScreens(say: Say, size: TextSize): NamedScreen[] {
  return [
    attract(say),
    language(say),
    helpMode(say),
    identify(say),
    ...presentCards(say),
    greeting(say),
    ...homes(say, size),
  ];
}

function attract(say: Say): NamedScreen {
  return {
    name: 'attract',
    screen: {
      kind: 'attract',
      title: say(words('家门口的民生服务站', '家門口嘅民生服務站', 'Public services, next door')),
      subtitle: say(words('日夜都开，自己就能办', '日夜都開，自己就搞掂', 'Open day and night, simple to use')),
      start: say(words('轻触开始', '掂一下開始', 'Touch to start')),
      quick: [
        { id: 'take-number', label: say(COMMON.takeNumber), picture: 'take-number', badge: 1 },
        { id: 'parking', label: say(COMMON.parking), picture: 'parking', badge: 2 },
      ],
      languages: [
        { id: 'zh-Hans', label: '简体中文', badge: 3 },
        { id: 'zh-Hant', label: '繁體中文', badge: 4 },
        { id: 'en', label: 'English', badge: 5 },
      ],
    },
  };
}

function language(say: Say): NamedScreen {
  return {
    name: 'question-language',
    screen: {
      kind: 'question',
      topic: 'language',
      title: say(words('您想用哪种语言？', '想用邊種語言？', 'Which language would you like?')),
      choices: [
        { id: 'zh-Hans', label: '简体中文', detail: '普通话', badge: 1 },
        { id: 'zh-Hant', label: '繁體中文', detail: '廣東話', badge: 2 },
        { id: 'en', label: 'English', badge: 3 },
      ],
      back: say(COMMON.back),
    },
  };
}

function helpMode(say: Say): NamedScreen {
  return {
    name: 'question-help-mode',
    screen: {
      kind: 'question',
      topic: 'help-mode',
      title: say(words('怎样用更方便？', '點樣用方便啲？', 'What makes it easier for you?')),
      subtitle: say(words('随时可以在下面再改', '隨時可以喺下面再改', 'You can change it below at any time')),
      choices: [
        { id: 'normal', label: say(words('照这样', '就噉', 'As it is')), badge: 1 },
        {
          id: 'large',
          label: say(words('大字', '大字', 'Large text')),
          detail: say(words('字更大，一页更少', '字大啲，一版少啲', 'Bigger words, fewer on a page')),
          badge: 2,
        },
        {
          id: 'low',
          label: say(words('轮椅低位', '輪椅低位', 'Seated or wheelchair')),
          detail: say(words('按键都在下半屏', '掣都喺下半邊', 'All keys in the lower half')),
          badge: 3,
        },
      ],
      back: say(COMMON.back),
      next: say(words('跳过', '跳過', 'Skip')),
    },
  };
}

function identify(say: Say): NamedScreen {
  return {
    name: 'question-identify',
    screen: {
      kind: 'question',
      topic: 'identify',
      title: say(words('您带了哪张卡？', '你帶咗邊張卡？', 'Which card do you have?')),
      choices: [
        {
          id: 'livelihood-card',
          label: say(words('民生卡', '民生卡', 'Livelihood card')),
          picture: 'livelihood-card',
          badge: 1,
        },
        { id: 'id-card', label: say(words('身份证', '身份證', 'Identity card')), picture: 'id-card', badge: 2 },
        {
          id: 'social-security-card',
          label: say(words('社保卡', '社保卡', 'Social security card')),
          picture: 'social-security-card',
          badge: 3,
        },
        {
          id: 'no-card',
          label: say(COMMON.otherCard),
          detail: say(words('也能取号、缴停车费', '都攞到籌、交到泊車費', 'Tickets and parking still work')),
          picture: 'no-card',
          badge: 4,
        },
      ],
      back: say(COMMON.back),
    },
  };
}

function presentCards(say: Say): NamedScreen[] {
  const back = say(COMMON.back);
  const next = say(COMMON.otherCard);
  return [
    {
      name: 'present-card-waiting',
      screen: {
        kind: 'present-card',
        state: 'waiting',
        title: say(words('把卡放在右边感应区', '將卡放喺右邊感應區', 'Lay your card on the reader, right')),
        subtitle: say(
          words(
            '民生卡、身份证、社保卡都可以',
            '民生卡、身份證、社保卡都得',
            'Livelihood, identity or social security card',
          ),
        ),
        picture: 'card-on-reader',
        back,
        next,
      },
    },
    {
      name: 'present-card-reading',
      screen: {
        kind: 'present-card',
        state: 'reading',
        title: say(words('正在读卡，别拿开', '讀緊卡，唔好攞開', 'Reading, keep the card there')),
        subtitle: say(words('大约两秒', '大約兩秒', 'About two seconds')),
        picture: 'card-reading',
      },
    },
    {
      name: 'present-card-left-early',
      screen: {
        kind: 'present-card',
        state: 'left-early',
        title: say(words('卡拿早了，再放一次', '卡攞早咗，再放一次', 'Too soon. Lay the card down again')),
        subtitle: say(words('放好后等听到“滴”一声', '放好等聽到「嘀」一聲', 'Wait until you hear a beep')),
        picture: 'card-left-early',
        back,
        next,
      },
    },
    {
      name: 'present-card-unknown',
      screen: {
        kind: 'present-card',
        state: 'unknown',
        title: say(words('这里不认识这张卡', '呢度唔識呢張卡', 'This card is not known here')),
        subtitle: say(
          words(
            '换民生卡、身份证或社保卡试试',
            '試下民生卡、身份證或者社保卡',
            'Try a livelihood, identity or social security card',
          ),
        ),
        picture: 'card-unknown',
        back,
        next,
      },
    },
  ];
}

function greeting(say: Say): NamedScreen {
  return {
    name: 'greeting',
    screen: {
      kind: 'greeting',
      title: say(words('您好！是您本人吗？', '你好！係咪你本人？', 'Hello! Is this you?')),
      name: say(words('陈**', '陳**', 'Chen **')),
      notice: say(
        words(
          '姓名只用来办这一次的事，办完就从这台机器上清掉。',
          '姓名只會用嚟辦今次嘅事，辦完就喺呢部機度清走。',
          'Your name is used for this visit only and is wiped from this machine when you finish.',
        ),
      ),
      yes: say(words('是我', '係我', 'Yes, that is me')),
      no: say(words('不是我', '唔係我', 'No')),
    },
  };
}

function homes(say: Say, size: TextSize): NamedScreen[] {
  const choices = homeChoices(say);
  const title = say(words('陈**，想办什么事？', '陳**，想辦咩事？', 'Chen **, what can we do for you?'));
  const subtitle = say(words('按一下图，或按数字键', '撳一下圖，或者撳數字掣', 'Touch a picture or press its number'));
  const count = size === 'S3' ? 4 : 8;
  return [
    { name: 'home', screen: { kind: 'home', title, subtitle, choices: choices.slice(0, count) } },
    {
      name: 'home-partly',
      screen: {
        kind: 'home',
        title,
        banner: say(
          words(
            '打印纸用完了，要打印的事先办不了。',
            '打印紙用晒，要打印嘅事暫時辦唔到。',
            'Out of paper: what needs printing has to wait.',
          ),
        ),
        choices: choices
          .slice(0, size === 'S3' ? 4 : 6)
          .map((choice) =>
            choice.id === 'take-number'
              ? withoutDetail({ ...choice, unavailable: say(words('没有打印纸', '冇打印紙', 'No paper')) })
              : choice,
          ),
      },
    },
    { name: 'home-two', screen: { kind: 'home', title, subtitle, choices: choices.slice(0, 2) } },
  ];
}

function withoutDetail({ detail: _detail, ...choice }: Choice): Choice {
  return choice;
}

function homeChoices(say: Say): Choice[] {
  return [
    {
      id: 'take-number',
      label: say(COMMON.takeNumber),
      detail: say(COMMON.ticketDetail),
      picture: 'take-number',
      badge: 1,
    },
    { id: 'parking', label: say(COMMON.parking), detail: say(COMMON.parkingDetail), picture: 'parking', badge: 2 },
    {
      id: 'card',
      label: say(words('民生卡', '民生卡', 'Livelihood card')),
      detail: say(words('余额、记录', '餘額、記錄', 'Balance, records')),
      picture: 'livelihood-card',
      badge: 3,
    },
    {
      id: 'health',
      label: say(words('健康小屋', '健康小屋', 'Health check')),
      detail: say(words('量血压，三分钟', '量血壓，三分鐘', 'Blood pressure, 3 min')),
      picture: 'health',
      badge: 4,
    },
    {
      id: 'social',
      label: say(words('社保养老', '社保養老', 'Pension')),
      unavailable: say(words('今天网络不通', '今日網絡唔通', 'No network today')),
      picture: 'social-security',
      badge: 5,
    },
    {
      id: 'civil',
      label: say(words('婚姻户籍', '婚姻戶籍', 'Family register')),
      detail: say(words('预约、查询', '預約、查詢', 'Book or look up')),
      picture: 'civil-affairs',
      badge: 6,
    },
    {
      id: 'documents',
      label: say(words('证照打印', '證照打印', 'Print documents')),
      detail: say(words('证明、回执', '證明、回執', 'Certificates')),
      picture: 'documents',
      badge: 7,
    },
    {
      id: 'phone',
      label: say(words('手机扫码', '手機掃碼', 'Use my phone')),
      detail: say(words('在手机上接着办', '喺手機度繼續辦', 'Carry on by phone')),
      picture: 'phone',
      badge: 8,
    },
  ];
}
