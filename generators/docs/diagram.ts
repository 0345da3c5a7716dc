import type { Deployment, Environment, ListenerRule, ServiceLayer } from '../../src/model/deployment';
import { allowedOrigins } from '../../src/model/routing';
import { count, priorityBlock, registryOf, taskSize } from './layers';

/**
 * The architecture of one environment as a Mermaid flowchart. Identifiers of nodes are fixed words; values of the
 * answers stand in labels only.
 */
export function architectureDiagram(environment: Environment, deployment: Deployment): string {
  return [
    'flowchart TB',
    ...indent([
      ...outside(environment, deployment),
      ...account(environment, deployment),
      ...(environment.registry ? [] : sharedRegistry(environment, deployment)),
      '',
      ...edges(environment, deployment),
      '',
      'classDef existing stroke-dasharray: 5 5',
      `class ${existingNodes(environment).join(',')} existing`,
    ]),
  ].join('\n');
}

/**
 * Text inside of a quoted Mermaid label: every character that could be syntax, Markdown, HTML or an automatic link
 * becomes its character code. Mermaid 11 shows "Unsupported markdown: link" in place of a label with a URL (its issue
 * 6385).
 */
export function mermaidText(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[^\p{L}\p{N} .,'/=()-]|(?<=www)\./giu, (character) => `#${character.codePointAt(0)};`);
}

function outside(environment: Environment, { conventions }: Deployment): string[] {
  const ofRegistry = Object.entries(conventions.environment.derived).find(([, { from }]) => from === 'registryUrl');
  const registryUrl = ofRegistry && environment.service.taskDefinition.environment[ofRegistry[0]];
  return [
    node('clients', 'MCP clients', withoutScheme(environment.url)),
    node('quilt', 'Quilt catalog and registry', ...(registryUrl ? [withoutScheme(registryUrl)] : [])),
    node('data', 'S3, Athena, Glue, search'),
  ];
}

function account(environment: Environment, deployment: Deployment): string[] {
  const { service, registry } = environment;
  const { domain, taskDefinition } = service;
  return subgraph('account', `AWS account ${environment.account}, ${environment.region}`, [
    ...when(domain?.hostedZoneId, node('alias', 'Route 53 alias record', domain?.host ?? '')),
    ...when(domain, node('certificate', `ACM certificate, ${domain?.certificateArn ? 'given' : 'issued here'}`)),
    ...network(service, deployment),
    node('cluster', 'ECS cluster', service.clusterArn.split(':cluster/').at(-1)!),
    ...(registry ? [repository(environment, deployment)] : []),
    node('logs', 'Log group', service.logGroup.name),
    node('execution', 'Execution role', service.executionRole.name),
    node('task', 'Task role, no permissions', service.taskRole.name),
    ...when(readsSecrets(service), node('secrets', 'Secrets', ...taskDefinition.secrets.map(({ name }) => name))),
  ]);
}

function network(service: ServiceLayer, { contract }: Deployment): string[] {
  const { listenerRules, securityGroup, answers, rollout } = service;
  const alternate = rollout.shift ? [`and ${rollout.shift.alternateTargetGroupName}`] : [];
  const { container, targetGroup, routing } = contract;
  const rules = `Listener rule${listenerRules.length === 1 ? '' : 's'} ${priorityBlock(service)}`;
  const egress = when(
    service.albEgressGroupId,
    `${service.albEgressGroupId} lets out TCP ${container.port} to the tasks`,
  );
  const health = `HTTP ${container.port}, health check ${targetGroup.healthCheckPath}`;
  const tasks = `${count(answers.capacity.desired, 'task')} of ${taskSize(answers.capacity)}`;
  return subgraph('vpc', `VPC ${securityGroup.vpcId}`, [
    node('listener', 'Load balancer of the Quilt stack', 'HTTPS listener', ...egress),
    node('rules', rules, listenerRules[0]!.host, routing.paths.join(' and '), ...originLines(listenerRules)),
    node('target', `Target group${rollout.shift ? 's' : ''}`, service.targetGroupName, ...alternate, health),
    ...subgraph('subnets', count(answers.network.privateSubnetIds.length, 'private subnet'), [
      node('tasks', 'ECS service on Fargate', service.serviceName, tasks),
    ]),
  ]);
}

function sharedRegistry(environment: Environment, deployment: Deployment): string[] {
  const registry = registryOf(environment, deployment);
  const title = `Shared registry, AWS account ${registry.account}, ${registry.region}`;
  return subgraph('shared', title, [repository(environment, deployment)]);
}

function repository(environment: Environment, deployment: Deployment): string {
  return node('repository', 'ECR repository', registryOf(environment, deployment).repository.name);
}

function edges(environment: Environment, deployment: Deployment): string[] {
  const { contract } = deployment;
  const { service } = environment;
  return [
    edge('clients', 'listener', 'HTTPS 443, bearer token'),
    ...when(service.domain?.hostedZoneId, 'alias -.-> listener'),
    ...when(service.domain, 'certificate -.-> listener'),
    'listener --> rules',
    edge('rules', 'target', 'forward'),
    edge('target', 'tasks', `HTTP ${contract.container.port}`),
    edge('tasks', 'quilt', service.securityGroup.otherEgressPorts.length > 0 ? 'HTTPS' : 'HTTPS 443'),
    edge('tasks', 'data', 'HTTPS 443'),
    'cluster -.- tasks',
    'task -.- tasks',
    'execution -.- tasks',
    edge('execution', 'repository', 'pulls the image'),
    edge('execution', 'logs', 'writes'),
    ...when(readsSecrets(service), edge('execution', 'secrets', 'reads')),
  ];
}

/** Nodes that an environment uses and does not manage. */
function existingNodes({ service }: Environment): string[] {
  return [
    ...['clients', 'quilt', 'data', 'listener', 'cluster'],
    ...when(service.domain?.certificateArn, 'certificate'),
    ...when(readsSecrets(service), 'secrets'),
  ];
}

function readsSecrets({ taskDefinition }: ServiceLayer): boolean {
  return taskDefinition.secrets.length > 0;
}

function originLines(rules: readonly ListenerRule[]): string[] {
  const allowed = allowedOrigins(rules);
  return [
    ...when(allowed.length > 0, `${count(allowed.length, 'origin')} allowed, any other 403`),
    ...when(
      rules.some(({ action }) => action === 'not-found'),
      'OAuth metadata: 404',
    ),
  ];
}

function withoutScheme(url: string): string {
  return url.replace(/^https:\/\//, '');
}

function when(condition: unknown, line: string): string[] {
  return condition ? [line] : [];
}

function node(id: string, ...lines: readonly string[]): string {
  return `${id}[${label(lines)}]`;
}

function edge(from: string, to: string, text: string): string {
  return `${from} -->|${label([text])}| ${to}`;
}

function subgraph(id: string, title: string, content: readonly string[]): string[] {
  return [`subgraph ${id}[${label([title])}]`, ...indent(content), 'end'];
}

function label(lines: readonly string[]): string {
  return `"${lines.map(mermaidText).join('<br/>')}"`;
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`));
}
