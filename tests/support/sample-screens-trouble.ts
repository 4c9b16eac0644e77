/** Sample screens for waiting, help and trouble. */
import type { NamedScreen, Say } from './sample-views.ts';
import { COMMON, words } from './sample-words.ts';

export function troubleScreens(say: Say): NamedScreen[] {
  return [stillThere(say), help(say), ...problems(say), outOfService(say)];
}

function stillThere(say: Say): NamedScreen {
  return {
    name: 'still-there',
    screen: {
      kind: 'still-there',
      title: say(words('您还在吗？', '你仲喺度嗎？', 'Are you still there?')),
      subtitle: say(words('时间到了就会清掉资料', '時間到就會清走資料', 'Your details are wiped when time is up')),
      seconds: 28,
      stay: say(words('我还在', '我仲喺度', 'I am here')),
      end: say(words('结束', '結束', 'End')),
    },
  };
}

function help(say: Say): NamedScreen {
  return {
    name: 'help',
    screen: {
      kind: 'help',
      title: say(words('需要帮忙吗？', '要唔要幫手？', 'Can we help?')),
      subtitle: say(words('可以请村里的帮办员来', '可以叫村入面嘅幫辦員嚟', 'A village helper can come')),
      picture: 'help',
      rows: [
        { label: say(words('帮办员电话', '幫辦員電話', 'Helper')), value: '020-8455 0000' },
        { label: say(words('在岗时间', '在崗時間', 'On duty')), value: '8:30–17:30' },
        { label: say(words('急救 报警', '急救 報警', 'Emergency')), value: '120 / 110' },
      ],
      explains: say(
        words(
          '刚才那一页是选您要办的事，按图就可以。',
          '啱先嗰版係揀你要辦嘅事，撳圖就得。',
          'The page before asks what you would like to do: touch a picture.',
        ),
      ),
      back: say(words('返回刚才', '返去啱先', 'Back to before')),
    },
  };
}

function problems(say: Say): NamedScreen[] {
  const endLabel = say(words('结束', '結束', 'Finish'));
  return [
    {
      name: 'problem-offline',
      screen: {
        kind: 'problem',
        title: say(words('网络断了，查不到停车费', '斷咗網，查唔到泊車費', 'No network, the fee cannot be looked up')),
        picture: 'offline',
        money: say(words('没有扣您的钱。', '冇扣你嘅錢。', 'Nothing was charged.')),
        lamps: [],
        whatToDo: say(
          words(
            '等一两分钟再试，或在出口岗亭付款。',
            '等一兩分鐘再試，或者喺出口崗亭畀錢。',
            'Try again in a minute or two, or pay at the exit booth.',
          ),
        ),
        number: 'KP-3001',
        retry: say(words('再试一次', '再試一次', 'Try again')),
        back: say(COMMON.back),
      },
    },
    {
      name: 'problem-payment-unknown',
      screen: {
        kind: 'problem',
        title: say(words('还不知道钱付成没有', '仲未知錢畀成未', 'We do not know yet if you have paid')),
        picture: 'wait',
        money: say(
          words(
            '不会扣两次。没付成的会原路退回。',
            '唔會扣兩次。冇畀成嘅會原路退返。',
            'You will not be charged twice. A failed payment goes back.',
          ),
        ),
        lamps: [
          { label: say(words('卡已拿回', '卡已攞返', 'Card returned')), state: 'yes' },
          { label: say(words('付款', '畀錢', 'Payment')), state: 'open' },
          { label: say(words('凭条', '收據', 'Receipt')), state: 'no' },
        ],
        claim: { label: say(words('凭这个查询', '憑呢個查詢', 'Your claim code')), value: 'PY-7K3M' },
        whatToDo: say(
          words(
            '记下这个码，一小时后可在任何一台机器上查。',
            '記低呢個碼，一個鐘後可以喺任何一部機查。',
            'Keep this code and ask at any machine in an hour.',
          ),
        ),
        number: 'KP-2302',
        next: endLabel,
      },
    },
    {
      name: 'problem-paper',
      screen: {
        kind: 'problem',
        title: say(words('纸没有打出来', '張紙打唔到出嚟', 'The paper did not come out')),
        subtitle: say(words('打印机卡纸了', '打印機卡紙', 'The printer is jammed')),
        picture: 'paper-trouble',
        money: say(
          words(
            '您已付 9.60 元，车可以离场。',
            '你已付 9.60 元，架車可以離場。',
            'You have paid ¥9.60, your car may leave.',
          ),
        ),
        lamps: [
          { label: say(words('已付款', '已畀錢', 'Paid')), state: 'yes' },
          { label: say(words('凭条', '收據', 'Receipt')), state: 'no' },
        ],
        claim: { label: say(words('补打码', '補打碼', 'Reprint code')), value: 'PY-7K3M' },
        whatToDo: say(
          words(
            '拿这个码去窗口补打凭条。',
            '攞呢個碼去窗口補打收據。',
            'Show this code at the counter for a new receipt.',
          ),
        ),
        number: 'KP-2104',
        next: endLabel,
      },
    },
    {
      name: 'problem-reader',
      screen: {
        kind: 'problem',
        title: say(words('读卡器没有反应', '讀卡器冇反應', 'The card reader does not answer')),
        picture: 'trouble',
        lamps: [],
        whatToDo: say(
          words('请把卡拿好，改用其他办法。', '請攞好張卡，改用其他辦法。', 'Take your card and choose another way.'),
        ),
        number: 'KP-2001',
        retry: say(words('再试一次', '再試一次', 'Try again')),
        back: say(COMMON.back),
      },
    },
  ];
}

function outOfService(say: Say): NamedScreen {
  return {
    name: 'out-of-service',
    screen: {
      kind: 'out-of-service',
      title: say(words('这台机器正在休息', '呢部機休息緊', 'This machine is resting')),
      subtitle: say(words('维护人员已经知道了', '維護人員已經知道', 'The maintainers have been told')),
      picture: 'trouble',
      rows: [
        {
          label: say(words('最近的另一台', '最近嘅另一部', 'Nearest other one')),
          value: say(words('沙墟二村，走 8 分钟', '沙墟二村，行 8 分鐘', 'Shaxu No. 2, 8 min walk')),
        },
        { label: say(words('人工窗口', '人工窗口', 'Staffed counter')), value: '8:30–17:30' },
      ],
      number: 'KP-5001',
    },
  };
}
