/** Licence plates of the mainland (GA 36): province, letter, five or six of digits, letters or a closing 港澳学警领. */
export const PROVINCES = [...'粤京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵青藏川宁琼'];
/** No I and no O: they do not occur after the city letter. */
export const PLATE_KEYS = [...'1234567890ABCDEFGHJKLMNPQRSTUVWXYZ', '港', '澳', '学', '警'];
export const PLATE_MIN = 7;
export const PLATE_MAX = 8;

const PLATE = /^[\u4e00-\u9fff][A-HJ-NP-Z][A-HJ-NP-Z0-9]{4}(?:[A-HJ-NP-Z0-9]{1,2}|[港澳学警领])$/;

export type PlateFault = 'province' | 'letter' | 'length' | 'shape';

/** Which part is wrong, so that the screen can say it; undefined when the plate can exist. */
export function plateFault(plate: string): PlateFault | undefined {
  const characters = [...plate];
  if (!PROVINCES.includes(characters[0] ?? '')) return 'province';
  if (!/^[A-HJ-NP-Z]$/.test(characters[1] ?? '')) return 'letter';
  if (characters.length < PLATE_MIN || characters.length > PLATE_MAX) return 'length';
  return PLATE.test(plate) ? undefined : 'shape';
}
