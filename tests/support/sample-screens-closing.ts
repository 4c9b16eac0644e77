/** Sample screens from the card's return to goodbye. */
import type { Picture } from '../../contract/view.schema.ts';
import type { NamedScreen, Say } from './sample-views.ts';
import { COMMON, words, type Words } from './sample-words.ts';

const FACES: readonly (readonly [Picture, Words])[] = [
  ['face-great', words('非常好', '非常好', 'Great')],
  ['face-good', words('好', '好', 'Good')],
  ['face-fair', words('一般', '一般', 'Fair')],
  ['face-poor', words('不太好', '唔係幾好', 'Poor')],
  ['face-bad', words('不好', '唔好', 'Bad')],
];

export function closingScreens(say: Say): NamedScreen[] {
  return [...takeCards(say), ...takePapers(say), rate(say), ...goodbyes(say)];
}

function takeCards(say: Say): NamedScreen[] {
  return [
    {
      name: 'take-card',
      screen: {
        kind: 'take-card',
        title: say(words('请拿走您的卡', '請攞返你張卡', 'Please take your card')),
        subtitle: say(words('拿走卡就开始打印', '攞走張卡就開始打印', 'Printing starts when you do')),
        picture: 'card-take',
        urgent: false,
      },
    },
    {
      name: 'take-card-urgent',
      screen: {
        kind: 'take-card',
        title: say(words('卡还在这里！', '張卡仲喺度！', 'Your card is still here!')),
        subtitle: say(words('请从右边感应区拿走', '請喺右邊感應區攞走', 'Take it from the reader, right')),
        picture: 'card-take',
        urgent: true,
      },
    },
  ];
}

function takePapers(say: Say): NamedScreen[] {
  const next = say(words('拿好了', '攞好喇', 'I have it'));
  return [
    {
      name: 'take-paper-number',
      screen: {
        kind: 'take-paper',
        title: say(words('请拿好您的号', '請攞好你張籌', 'Please take your ticket')),
        picture: 'paper-comes-out',
        number: 'B032',
        rows: [
          { label: say(words('前面还有', '前面仲有', 'Ahead of you')), value: say(words('4 人', '4 人', '4 people')) },
        ],
        next,
      },
    },
    {
      name: 'take-paper-receipt',
      screen: {
        kind: 'take-paper',
        title: say(words('付好了，请拿凭条', '畀咗錢，請攞收據', 'Paid. Please take your receipt')),
        subtitle: say(words('15 分钟内开车离场', '15 分鐘內揸車離場', 'Please leave within 15 minutes')),
        picture: 'paper-comes-out',
        rows: [
          { label: say(words('已付', '已付', 'Paid')), value: '¥9.60' },
          { label: say(COMMON.plate), value: '粤A·8**62' },
        ],
        next,
      },
    },
  ];
}

function rate(say: Say): NamedScreen {
  return {
    name: 'rate',
    screen: {
      kind: 'rate',
      title: say(words('这次用得顺手吗？', '今次用得順唔順手？', 'How was it this time?')),
      subtitle: say(words('不记名', '唔記名', 'Nobody knows who answered')),
      choices: FACES.map(([picture, label], index) => ({ id: picture, label: say(label), picture, badge: index + 1 })),
      skip: say(words('不评了', '唔評喇', 'Skip')),
    },
  };
}

function goodbyes(say: Say): NamedScreen[] {
  const next = say(words('下一位', '下一位', 'Next person'));
  return [
    {
      name: 'goodbye',
      screen: {
        kind: 'goodbye',
        title: say(words('办好了，慢走', '辦好喇，慢行', 'All done. Take care')),
        subtitle: say(words('您的资料已经清掉', '你嘅資料已經清走', 'Your details have been wiped')),
        reference: { label: say(words('办理编号', '辦理編號', 'Reference')), value: 'PY-0412-0032' },
        next,
        seconds: 15,
      },
    },
    {
      name: 'goodbye-plain',
      screen: { kind: 'goodbye', title: say(words('再见，慢走', '再見，慢行', 'Goodbye')), next, seconds: 8 },
    },
  ];
}
