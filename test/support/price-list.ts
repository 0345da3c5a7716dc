/** A product as GetProducts of the AWS Price List Query API tells it, `aws_v1`: prices by the unit from which they hold. */
export function product(usagetype: string, prices: Readonly<Record<string, string>>, currency = 'USD'): string {
  const priceDimensions = Object.entries(prices).map(([beginRange, price], index) => [
    `SKU.JRTCKXETXF.${index}`,
    { unit: 'hours', beginRange, endRange: 'Inf', pricePerUnit: { [currency]: price } },
  ]);
  return JSON.stringify({
    product: { productFamily: 'Compute', attributes: { regionCode: 'eu-west-1', usagetype }, sku: 'SKU' },
    serviceCode: 'AmazonECS',
    terms: { OnDemand: { 'SKU.JRTCKXETXF': { priceDimensions: Object.fromEntries(priceDimensions) } } },
  });
}

/** Products of the services that a deployment uses, and those that are listed beside them. */
export const PRODUCTS: Readonly<Record<string, readonly string[]>> = {
  AmazonECS: [
    product('EU-Fargate-vCPU-Hours:perCPU', { 0: '0.0404800000' }),
    product('EU-Fargate-GB-Hours', { 0: '0.0044450000' }),
    product('EU-Fargate-ARM-vCPU-Hours:perCPU', { 0: '0.0323800000' }),
    product('EU-Fargate-ARM-GB-Hours', { 0: '0.0035600000' }),
    product('EU-SpotUsage-Fargate-vCPU-Hours:perCPU', { 0: '0.0121440000' }),
    product('EU-SpotUsage-Fargate-GB-Hours', { 0: '0.0013335000' }),
    product('EU-Fargate-EphemeralStorage-GB-Hours', { 0: '0.0001210000' }),
  ],
  AmazonCloudWatch: [
    product('EU-DataProcessing-Bytes', { 0: '0.5700000000' }),
    product('EU-VendedLog-Bytes', { 0: '0.5700000000', 10240: '0.2850000000' }),
    product('EU-TimedStorage-ByteHrs', { 0: '0.0300000000' }),
  ],
  AmazonECR: [product('EU-TimedStorage-ByteHrs', { 0: '0.1000000000', 51200: '0.0900000000' })],
};
