/** The names of the two channels between preload and main. */
export const TO_ENGINE = 'kiosk:to-engine';
export const TO_PAGE = 'kiosk:to-page';
export const ENGINE_GONE = 'kiosk:engine-gone';
