import type { Made } from './handler';
import type { Template, TemplateObject } from './template';

export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  /** Ids and attributes that AWS returned. */
  readonly made: Made;
  /** Resolved, with the stack's tags. */
  readonly properties: TemplateObject;
  readonly metadata?: TemplateObject;
  /** The end of the name that it has when it is given none. */
  readonly suffix: string;
  readonly dependencies: readonly string[];
  readonly deletionPolicy: string;
  readonly updateReplacePolicy: string;
  readonly updatedAt: Date;
  /** Whether it was there before the stack had it. */
  readonly imported?: boolean;
}

export interface StackOutput {
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
}

export interface StackEvent {
  readonly id: string;
  readonly timestamp: Date;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
}

/** A stack as it is now. */
export interface EmulatedStack {
  readonly name: string;
  readonly id: string;
  readonly createdAt: Date;
  updatedAt?: Date;
  deletedAt?: Date;
  status: string;
  reason?: string;
  /** As it was sent. */
  templateText: string;
  template: Template;
  parameters: Record<string, string>;
  tags: Record<string, string>;
  capabilities: readonly string[];
  resources: Map<string, StackResource>;
  outputs: Map<string, StackOutput>;
  /** Names of exports of other stacks that this one uses. */
  imports: Set<string>;
  events: StackEvent[];
  readonly changeSets: Map<string, ChangeSet>;
}

export interface PlannedResourceChange {
  readonly action: 'Add' | 'Import' | 'Modify' | 'Remove';
  readonly logicalId: string;
  readonly physicalId?: string;
  readonly type: string;
  readonly replacement?: boolean;
  /** Top-level properties, and attributes such as Metadata. */
  readonly changed: readonly string[];
}

export interface ChangeSet {
  readonly name: string;
  readonly id: string;
  readonly type: 'CREATE' | 'UPDATE';
  readonly createdAt: Date;
  readonly request: StackRequest;
  readonly changes: readonly PlannedResourceChange[];
  status: 'CREATE_COMPLETE' | 'FAILED';
  reason?: string;
  executionStatus: 'AVAILABLE' | 'UNAVAILABLE' | 'EXECUTE_COMPLETE';
}

/** Input of CreateStack, UpdateStack and CreateChangeSet. */
export interface StackRequest {
  readonly name: string;
  readonly templateText: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** Parameters that keep the value that they have. */
  readonly previous?: readonly string[];
  /** Undefined keeps the tags that there are. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly capabilities?: readonly string[];
  /** Whether existing resources with a name in the template become the stack's. */
  readonly importExisting?: boolean;
  /** Fate of the created resources if creation fails. */
  readonly onFailure?: 'ROLLBACK' | 'DELETE' | 'DO_NOTHING';
}
