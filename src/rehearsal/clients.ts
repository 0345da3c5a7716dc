import { ACMClient } from '@aws-sdk/client-acm';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAMClient } from '@aws-sdk/client-iam';
import { Route53Client } from '@aws-sdk/client-route-53';
import { S3Client } from '@aws-sdk/client-s3';
import { DEFAULT_REGION, type Emulator } from './emulator';
import { plainClient } from './plain-client';

export type AwsClients = ReturnType<typeof awsClients>;

/** The AWS SDK's clients of the emulated account, one per service, for one region; `call` is for all other services. */
export function awsClients(emulator: Pick<Emulator, 'url'>, region: string = DEFAULT_REGION) {
  const config = {
    region,
    endpoint: emulator.url,
    credentials: { accessKeyId: 'emulator', secretAccessKey: 'emulator' },
    maxAttempts: 1, // a failure of the emulator is a finding, not weather
  };
  return {
    call: plainClient(emulator.url, region),
    acm: new ACMClient(config),
    cloudformation: new CloudFormationClient(config),
    ec2: new EC2Client(config),
    ecr: new ECRClient(config),
    ecs: new ECSClient(config),
    elb: new ElasticLoadBalancingV2Client(config),
    iam: new IAMClient(config),
    logs: new CloudWatchLogsClient(config),
    route53: new Route53Client(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
  };
}
