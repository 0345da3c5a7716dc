import { command } from '../command';
import { ENV, PROFILE } from '../delivery-options';

export const cost = command({
  name: 'cost',
  group: 'delivery',
  usage: '[ENV]',
  help: 'say what AWS will bill for a month, line by line',
  about:
    'Estimates the monthly bill of ENV, or of all environments, by the answers. Prices are known here for us-east-1. With --refresh it asks AWS for those of today, of each region. It changes nothing.',
  words: [ENV],
  options: {
    refresh: { type: 'boolean', help: "take prices from AWS's price list (needs pricing:GetProducts)" },
    profile: PROFILE,
    json: { type: 'boolean', help: 'print it as JSON' },
  },
  run: async (...args) => (await import('../cost')).cost(...args),
});
