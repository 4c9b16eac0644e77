/** Makes a form of what an action takes: an enum is a choice, a boolean a switch, a number a number, a text a text. */
import { element } from './elements.js';

/** `put-paper-in` and `lateMs` as a person reads them. */
export function words(name) {
  const spaced = name
    .replaceAll('-', ' ')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase()
    .replace(/ ms$/, ' (ms)');
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

export function titleOf(name, schema) {
  return schema?.title ?? words(name);
}

/** The schema under an optional or nullable one, and whether nothing is an answer too. */
function plain(schema) {
  const choices = schema.anyOf ?? [];
  const real = choices.filter((choice) => choice.type !== 'null');
  if (choices.length > real.length && real.length === 1) return { ...real[0], title: schema.title, nullable: true };
  if (choices.length > 0 && real.every((choice) => 'const' in choice)) {
    return { enum: real.map((choice) => choice.const), title: schema.title };
  }
  return schema;
}

function choice(schema) {
  const field = element('select');
  field.append(
    ...schema.enum.map((value) => element('option', words(String(value)), { value: JSON.stringify(value) })),
  );
  return { field, read: () => JSON.parse(field.value), show: (value) => (field.value = JSON.stringify(value)) };
}

function toggle() {
  const field = element('input', undefined, { type: 'checkbox' });
  return { field, read: () => field.checked, show: (value) => (field.checked = Boolean(value)) };
}

function number(schema) {
  const field = element('input', undefined, { type: 'number', step: schema.type === 'integer' ? '1' : 'any' });
  if (schema.minimum !== undefined) field.min = schema.minimum;
  if (schema.maximum !== undefined) field.max = schema.maximum;
  if (schema.default !== undefined) field.value = schema.default;
  field.placeholder = schema.nullable ? 'never' : '';
  return {
    field,
    read: () => (field.value === '' ? (schema.nullable ? null : undefined) : Number(field.value)),
    show: (value) => (field.value = value ?? ''),
  };
}

function text(schema) {
  const field = element('input', undefined, { type: 'text', value: schema.default ?? '' });
  return {
    field,
    read: () => (field.value === '' ? undefined : field.value),
    show: (value) => (field.value = value ?? ''),
  };
}

/** One field: its element, how it is read, how the device's own value is shown in it. */
export function fieldOf(rawSchema) {
  const schema = plain(rawSchema);
  if (schema.enum) return choice(schema);
  if (schema.type === 'boolean') return toggle();
  return schema.type === 'integer' || schema.type === 'number' ? number(schema) : text(schema);
}

/** A form whose button carries the action's own words; nothing to fill in leaves only the button. */
export function actionForm(name, schema, act) {
  const fields = Object.entries(schema.properties ?? {}).map(([key, part]) => ({ key, part, ...fieldOf(part) }));
  const form = element('form', undefined, { className: 'act' });
  for (const { key, part, field } of fields) {
    const label = element('label', undefined, { className: field.type === 'checkbox' ? 'switch' : 'labelled' });
    label.append(
      ...(field.type === 'checkbox' ? [field, titleOf(key, part)] : [element('span', titleOf(key, part)), field]),
    );
    form.append(label);
  }
  form.append(element('button', titleOf(name, schema), { type: 'submit' }));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const given = fields.map(({ key, read }) => [key, read()]).filter(([, value]) => value !== undefined);
    void act(name, Object.fromEntries(given));
  });
  return form;
}

/** Switches that act at once and follow what the device says; returns how to show its values. */
export function liveSwitches(name, schema, act) {
  const parts = Object.entries(schema.properties ?? {}).map(([key, part]) => ({ key, part, ...fieldOf(part) }));
  const rows = parts.map(({ key, part, field, read }) => {
    const label = element('label', undefined, {
      className: field.type === 'checkbox' ? 'switch' : 'switch wide-switch',
    });
    label.append(...(field.type === 'checkbox' ? [field, titleOf(key, part)] : [titleOf(key, part), field]));
    field.addEventListener('change', () => void act(name, { [key]: read() }));
    return label;
  });
  return {
    rows,
    show(values) {
      for (const { key, field, show } of parts) {
        if (key in values && document.activeElement !== field) show(values[key]);
      }
    },
  };
}
