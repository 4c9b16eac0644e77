/**
 * `npm run station [-- --site NAME | --config FILE]`: the simulated station alone, every device of the site on its wire and
 * the theatre's page on the loopback; for `npm run device`, for training, and beside an engine that runs elsewhere.
 */
import '../station/main.ts';
