import * as z from 'zod';

/**
 * Schema of the catalogue: a generation of the deployment contract of the Quilt MCP server, and the step from one to
 * the next. All of it is data; times are seconds, sizes MiB and CPU units. Tests check the catalogue by the schema; the
 * tool takes its types.
 */
const text = z.string().min(1);
const version = text.regex(/^\d+\.\d+\.\d+$/);
const date = text.regex(/^\d{4}-\d{2}-\d{2}$/);
const path = text.regex(/^\/[\w./-]*$/);
const variableName = text.regex(/^[A-Z][A-Z0-9_]*$/);
const variables = <T extends z.ZodType>(value: T) => z.record(variableName, value);
const openStream = z.enum(['ends', 'hangs']);
const id = text.regex(/^(gap|g[0-9][a-z]?)$/);

/**
 * Failure of a server without a required variable: it ends, with a line in its log; it lets everybody in; or it accepts
 * tokens that anybody can sign, as it falls back on a public secret, with a line in its log.
 */
const failureSchema = z.discriminatedUnion('fails', [
  z.strictObject({ fails: z.literal('exit'), code: z.int(), log: text }),
  z.strictObject({ fails: z.literal('open') }),
  z.strictObject({ fails: z.literal('forgeable'), publicSecret: text, log: text }),
]);

/** Source of a derived variable's value: an answer of the environment, or `environment`, the owner's own. */
const variableSource = z.enum(['catalogUrl', 'registryUrl', 'region', 'serviceTimeout', 'environment']);

/** A mode of authentication: its meaning and its inputs. */
const authModeSchema = z.strictObject({
  meaning: text,
  /** The variable that ECS fills from `auth.secretArn`, and how the server fails without it. */
  secret: z.strictObject({ variable: variableName, meaning: text, without: failureSchema }).optional(),
});

/** A statement of a role; the model makes ARNs of `on`. */
const statementSchema = z.strictObject({
  sid: text,
  actions: z.array(text).min(1),
  on: z.enum(['everything', 'repository', 'logGroup', 'secrets', 'parameters']),
  why: text,
});

/** Defects that the proof with the real server can see. */
export const SEEN_DEFECTS = [
  'preflight-refused',
  'origin-ignored',
  'idle-connection-closed',
  'no-authorization-metadata',
  'wrong-server-version',
] as const;

export const AUTH_MODES = ['bearer', 'jwt-secret', 'enhanced-jwt'] as const;

const sourceSchema = z.strictObject({
  /** A document, file, issue or program, as one finds it. */
  what: text,
  /** Its commit, tag, version or date. */
  at: text,
});

export const conventionsSchema = z.strictObject({
  id,
  /** The difference from other generations, in a few words. */
  title: text,
  /** The same in a few sentences, for who meets it for the first time. */
  summary: text,
  /**
   * Published versions of the server of this generation: `from`, inclusive, and `below`, exclusive; null if there is
   * none.
   */
  versions: z.strictObject({ from: version, below: version.optional() }).nullable(),
  /** Day of the first known release, or on which it was first seen; and of the last, if a next one followed. */
  dates: z.strictObject({ from: date, to: date.optional() }),
  /** Whether a repository can be emitted for it; an unsafe one must be named, and causes a warning. */
  support: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('emitted') }),
    z.strictObject({
      kind: z.literal('unsafe'),
      warning: text,
      /** The same as the value of a tag. */
      tag: text.regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u),
    }),
    z.strictObject({ kind: z.literal('recognised'), why: text, instead: text }),
    /** An alternative to a deployment of ours, not a successor. */
    z.strictObject({ kind: z.literal('alternative'), why: text, instead: text }),
  ]),
  /** Versions that the project's own tests run; none, all of this is from documents and source. */
  ranHere: z.array(version),

  image: z.strictObject({
    /** Repositories that documents and releases of the time name; they don't agree. */
    repositories: z.array(text),
    /** The version or tag that a new deployment starts with; null if there is nothing to deploy. */
    defaultVersion: text.nullable(),
    /** Variables that the image sets itself. */
    bakes: variables(z.string()),
    /** User of the image's process. */
    user: text,
    /** Null if unknown. */
    hasCurl: z.boolean().nullable(),
    python: text,
    packages: z.record(text, text),
    /**
     * Basis of an image of our own, a shim, which starts this one in another way and adds missing features. Absent if
     * there is no shim for the way in which a server is started.
     */
    shim: z
      .strictObject({
        /** Module whose `main` the image's command calls. */
        module: text.regex(/^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*$/),
        /** Function of uvicorn that `main` ends in, given the ASGI app: the shim takes its place. */
        serves: z.literal('uvicorn.run'),
        /** CORS of the app itself, and its limits. */
        cors: text,
        /** Whether a repository gets it whose owner does not say. */
        byDefault: z.boolean(),
      })
      .optional(),
  }),

  endpoint: z.strictObject({
    /** Port that the server listens on. */
    port: z.int().min(1).max(65535),
    /** Canonical path of the MCP endpoint, as clients get it. */
    path,
    /** Response to a request with one slash more, or less. */
    otherSlash: text,
  }),
  /** Absent if no task of ours is probed. */
  health: z
    .strictObject({
      /** Path that the container's probe and the target group ask: 200 without authentication once the server is up. */
      path,
      /** All paths that answer so. */
      all: z.array(path).min(1),
      probe: text,
    })
    .optional(),

  environment: z.strictObject({
    /** Variables that every deployment sets to the same value; `without` is the server's failure if one is missing. */
    fixed: variables(z.strictObject({ value: z.string(), why: text, without: failureSchema.optional() })),
    /** Set from the answers. */
    derived: variables(z.strictObject({ meaning: text, from: variableSource, without: failureSchema.optional() })),
    /** May be added by an owner. */
    optional: variables(z.strictObject({ meaning: text, default: text, values: text })),
    /**
     * Variables that nothing reads, or without effect: setting one is a mistake. The reason says which, and what to use
     * instead.
     */
    dead: variables(text),
    /** Variables that do harm if they are set, with the reason. */
    dangerous: variables(text),
  }),
  auth: z.strictObject({
    modes: z.partialRecord(z.enum(AUTH_MODES), authModeSchema),
    /** Status of a POST on the canonical path without Authorization. */
    anonymous: z.int(),
    /** Status of one with a token that nobody signed. */
    garbage: z.int(),
    /** The side that checks a token, and the meaning for a deployment. */
    meaning: text,
  }),
  secrets: z.strictObject({ readBy: text }),
  iam: z.strictObject({
    executionRole: z.array(statementSchema),
    taskRole: z.array(statementSchema),
    /** Reason for the task role's statements, or for their absence. */
    why: text,
  }),
  /** Absent, as are size and timing, if no task of ours runs. */
  sessions: z
    .strictObject({
      /** Whether a session lives in the memory of one task. */
      stateful: z.boolean(),
      why: text,
      /** The variable and value that turn sessions off, if there is one. */
      off: z.strictObject({ variable: variableName, value: text }).optional(),
    })
    .optional(),
  size: z.strictObject({ cpu: z.int(), memory: z.int(), why: text }).optional(),
  timing: z
    .strictObject({
      /** From start to healthy, for a task of the smallest size. */
      startPeriod: z.int(),
      /** From SIGTERM to SIGKILL. */
      stopTimeout: z.int(),
      /** Effect of SIGTERM while a client listens. */
      openStream,
      /** Versions of this generation before `below` in which SIGTERM does something else, and why. */
      earlier: z.strictObject({ below: version, openStream, why: text }).optional(),
      why: text,
    })
    .optional(),
  logs: z.strictObject({
    /** Every line that a start writes, in part. */
    started: z.array(text),
    /** Lines for a missing or wrong setting. */
    misconfigured: z.array(text),
    /** Lines for a refused or missing token: any one of these. */
    refused: z.array(text),
    /** Lines that must never appear. */
    alarming: z.array(text),
  }),
  /** Hosts that the server asks besides AWS and the Quilt stack; absent if nobody has looked. */
  otherHosts: z
    .array(
      z.strictObject({
        host: text,
        why: text,
        /** The variable and value that stop it, if there is one. */
        off: z.strictObject({ variable: variableName, value: text }).optional(),
      }),
    )
    .optional(),
  /** With `seen`, the proof with the real server sees it, by that name. */
  defects: z.array(
    z.strictObject({
      what: text,
      workaround: text,
      /** The shim's effect on it; absent if the shim changes nothing. */
      shim: text.optional(),
      seen: z.enum(SEEN_DEFECTS).optional(),
    }),
  ),
  protocol: z.strictObject({
    /** Revisions of the Model Context Protocol that the server speaks, oldest first. */
    revisions: z.array(date).min(1),
    /** Headers that a client sends, by revision; for rules of load balancers and for CORS. */
    headers: z.record(date, z.array(text)),
    /** Answer to a request that names another revision in MCP-Protocol-Version; absent if nobody has tried. */
    otherRevision: text.optional(),
  }),
  sources: z.array(sourceSchema).min(1),
});

/** Kinds of things that a step changes. */
export const THINGS = ['variable', 'secret', 'permission', 'resource', 'setting', 'client'] as const;
const thing = z.enum(THINGS);

const changeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('add'), what: thing, name: text, why: text }),
  z.strictObject({ kind: z.literal('remove'), what: thing, name: text, why: text }),
  z.strictObject({ kind: z.literal('rename'), what: thing, name: text, to: text, why: text }),
  z.strictObject({ kind: z.literal('change'), what: thing, name: text, from: text, to: text, why: text }),
  /** A value that must be replaced by a new one, by hand. */
  z.strictObject({ kind: z.literal('rotate'), what: thing, name: text, why: text }),
]);

/** A step from one generation to its successor, or to an alternative. */
export const stepSchema = z.strictObject({
  from: id,
  to: id,
  /** Reason of upstream for the change, or of an owner to go. */
  why: text,
  changes: z.array(changeSchema),
  /** Steps of the roll-out in order, once for each environment. */
  rollOut: z.array(text).min(1),
  /** Reason not to stay at `to`; absent if staying is fine. */
  noRest: text.optional(),
  goBack: text,
  sources: z.array(sourceSchema).min(1),
});

type DeepReadonly<T> = T extends (infer I)[]
  ? readonly DeepReadonly<I>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

/** One generation of the deployment contract. */
export type Conventions = DeepReadonly<z.infer<typeof conventionsSchema>>;
/** One that a repository can be emitted for. */
export type Deployable = Conventions & {
  readonly [K in 'health' | 'sessions' | 'size' | 'timing']: NonNullable<Conventions[K]>;
} & {
  readonly image: { readonly defaultVersion: string };
};
export type WithoutVariable = DeepReadonly<z.infer<typeof failureSchema>>;
export type Step = DeepReadonly<z.infer<typeof stepSchema>>;
export type Change = DeepReadonly<z.infer<typeof changeSchema>>;
export type VariableSource = z.infer<typeof variableSource>;
export type SeenDefect = (typeof SEEN_DEFECTS)[number];
export type AuthMode = (typeof AUTH_MODES)[number];
