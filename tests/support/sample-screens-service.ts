/** Sample screens inside a service: ticket and parking. */
import type { NamedScreen, Say } from './sample-views.ts';
import { COMMON, words } from './sample-words.ts';

const PROVINCES = [...'京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新'];
const PLATE_KEYS = [...'1234567890ABCDEFGHJKLMNPQRSTUVWXYZ学警港澳'];

export function serviceScreens(say: Say): NamedScreen[] {
  return [queue(say), ...starts(say), ...pads(say), price(say), review(say), pay(say), ...workings(say)];
}

function queue(say: Say): NamedScreen {
  return {
    name: 'question-queue',
    screen: {
      kind: 'question',
      topic: 'queue',
      title: say(words('您要去哪个窗口？', '你要去邊個窗口？', 'Which counter do you need?')),
      choices: [
        {
          id: 'civil-affairs',
          label: say(words('民政', '民政', 'Civil affairs')),
          detail: say(words('低保、婚姻、老人补贴', '低保、婚姻、長者津貼', 'Aid, marriage, elderly benefit')),
          picture: 'civil-affairs',
          badge: 1,
        },
        {
          id: 'social-security',
          label: say(words('社保', '社保', 'Social security')),
          detail: say(words('养老、医保', '養老、醫保', 'Pension, medical')),
          picture: 'social-security',
          badge: 2,
        },
        { id: 'health', label: say(words('卫生健康', '衞生健康', 'Health')), picture: 'health', badge: 3 },
        { id: 'other', label: say(words('其他', '其他', 'Something else')), picture: 'other-window', badge: 4 },
      ],
      back: say(COMMON.back),
    },
  };
}

function starts(say: Say): NamedScreen[] {
  return [
    {
      name: 'service-start-parking',
      screen: {
        kind: 'service-start',
        title: say(COMMON.parking),
        subtitle: say(words('大夫山北门停车场', '大夫山北門停車場', 'Dafu Hill north gate car park')),
        picture: 'parking',
        rows: [
          { label: say(words('要准备', '要準備', 'You need')), value: say(words('车牌号', '車牌號', 'Plate number')) },
          { label: say(COMMON.time), value: say(words('约 2 分钟', '約 2 分鐘', 'About 2 minutes')) },
          {
            label: say(COMMON.fee),
            value: say(words('按停车时间，持卡八折', '按泊車時間，持卡八折', 'By the hour, 20% off')),
          },
        ],
        back: say(COMMON.back),
        next: say(COMMON.start),
      },
    },
  ];
}

function pads(say: Say): NamedScreen[] {
  const common = {
    kind: 'pad',
    title: say(words('请按车牌号', '請撳車牌號', 'Enter the licence plate')),
    firstKeys: PROVINCES,
    keys: PLATE_KEYS,
    minLength: 7,
    maxLength: 8,
    erase: say(words('退一格', '退一格', 'Delete')),
    clear: say(words('重新按', '重新撳', 'Start again')),
    back: say(COMMON.back),
    next: say(COMMON.next),
  } as const;
  const subtitle = say(words('先按省份', '先撳省份', 'Province first'));
  return [
    { name: 'pad-empty', screen: { ...common, subtitle, prefill: '', firstKeys: PROVINCES, keys: PLATE_KEYS } },
    {
      name: 'pad-prefill',
      screen: {
        ...common,
        subtitle: say(words('再按字母和数字', '再撳字母同數字', 'Then letters and digits')),
        prefill: '粤A',
      },
    },
    {
      name: 'pad-error',
      screen: {
        ...common,
        prefill: '粤A8T62',
        error: say(
          words('还差一位，请再看看车牌', '仲差一位，請再睇下車牌', 'One sign is missing, please check the plate'),
        ),
      },
    },
  ];
}

function price(say: Say): NamedScreen {
  return {
    name: 'price',
    screen: {
      kind: 'price',
      title: say(words('停车费', '泊車費', 'Parking fee')),
      subtitle: say(words('粤A·8**62，大夫山北门', '粵A·8**62，大夫山北門', '粤A·8**62, Dafu Hill north gate')),
      amount: '9.60',
      rows: [
        {
          label: say(words('停了', '泊咗', 'Parked for')),
          value: say(words('3 小时 10 分', '3 小時 10 分', '3 h 10 min')),
        },
        { label: say(words('原价', '原價', 'Full price')), value: '12.00' },
        { label: say(words('民生卡八折', '民生卡八折', 'Card discount')), value: '−2.40' },
      ],
      why: say(
        words(
          '首两小时 8 元，之后每小时 4 元。',
          '頭兩個鐘 8 元，之後每個鐘 4 元。',
          'Two hours for 8 yuan, then 4 yuan an hour.',
        ),
      ),
      back: say(COMMON.back),
      next: say(words('去付款', '去畀錢', 'Go and pay')),
    },
  };
}

function review(say: Say): NamedScreen {
  return {
    name: 'review',
    screen: {
      kind: 'review',
      title: say(words('付款前，看看对不对', '畀錢之前，睇下啱唔啱', 'Please check before you pay')),
      rows: [
        {
          label: say(COMMON.plate),
          value: '粤A·8**62',
          change: { id: 'plate', label: say(words('改', '改', 'Change')) },
        },
        {
          label: say(words('停车场', '停車場', 'Car park')),
          value: say(words('大夫山北门', '大夫山北門', 'Dafu Hill north')),
        },
        {
          label: say(words('停了', '泊咗', 'Parked for')),
          value: say(words('3 小时 10 分', '3 小時 10 分', '3 h 10 min')),
        },
      ],
      total: { label: say(words('一共', '一共', 'Total')), amount: '9.60' },
      back: say(COMMON.back),
      next: say(words('没错，付款', '冇錯，畀錢', 'Correct, pay')),
    },
  };
}

function pay(say: Say): NamedScreen {
  return {
    name: 'pay',
    screen: {
      kind: 'pay',
      title: say(words('您想怎么付？', '你想點畀錢？', 'How would you like to pay?')),
      amount: '9.60',
      choices: [
        {
          id: 'bank-card',
          label: say(words('银行卡', '銀行卡', 'Bank card')),
          detail: say(words('插卡或碰一下', '插卡或者拍一下', 'Insert or tap')),
          picture: 'bank-card',
          badge: 1,
        },
        {
          id: 'phone',
          label: say(words('手机扫码', '手機掃碼', 'Phone code')),
          detail: say(words('微信、支付宝、云闪付', '微信、支付寶、雲閃付', 'WeChat, Alipay, UnionPay')),
          picture: 'phone',
          badge: 2,
        },
        {
          id: 'livelihood-card',
          label: say(words('民生卡余额', '民生卡餘額', 'Livelihood card')),
          unavailable: say(words('这里还不能用', '呢度仲未用得', 'Not possible here yet')),
          picture: 'livelihood-card',
          badge: 3,
        },
      ],
      back: say(COMMON.back),
    },
  };
}

function workings(say: Say): NamedScreen[] {
  const ask = say(words('问价', '問價', 'Fee'));
  const charge = say(words('收款', '收款', 'Payment'));
  const print = say(words('打印凭条', '打印收據', 'Receipt'));
  return [
    {
      name: 'working-price',
      screen: {
        kind: 'working',
        act: 'price',
        title: say(words('正在查停车费', '查緊泊車費', 'Looking up your fee')),
        subtitle: say(words('请稍等，别走开', '請等等，唔好行開', 'A moment, please stay here')),
        picture: 'wait',
        steps: [{ label: ask, state: 'now' }],
      },
    },
    {
      name: 'working-pay',
      screen: {
        kind: 'working',
        act: 'pay',
        title: say(words('请在刷卡机上付款', '請喺刷卡機度畀錢', 'Pay on the card terminal')),
        subtitle: say(words('把卡或手机靠近它', '將卡或者手機貼近佢', 'Hold your card or phone to it')),
        picture: 'pay-on-terminal',
        amount: '9.60',
        steps: [
          { label: charge, state: 'now' },
          { label: print, state: 'next' },
        ],
        back: say(words('不付了', '唔畀住', 'Cancel')),
      },
    },
    {
      name: 'working-print',
      screen: {
        kind: 'working',
        act: 'print',
        title: say(words('正在打印凭条', '打印緊收據', 'Printing your receipt')),
        subtitle: say(words('马上就好', '即刻就好', 'Nearly there')),
        picture: 'paper-comes-out',
        steps: [
          { label: charge, state: 'done' },
          { label: print, state: 'now' },
        ],
      },
    },
  ];
}
