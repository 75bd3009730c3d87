/** What an error is, as HTTP status, sentence and advice. `{name}` stands for a value of the error's context. */
interface ErrorKind {
  readonly status: number;
  readonly message: string;
  readonly whatToDo: string;
}

/** Every error that Vigil itself tells, by code. docs/api.md lists them from here. */
export const ERRORS = {
  'invalid-parameter': {
    status: 400,
    message: 'The {where} parameter {parameter} is not valid: {problem}.',
    whatToDo: 'Correct it; /docs describes every parameter.',
  },
  'unknown-parameter': {
    status: 400,
    message: 'There is no query parameter {parameter} here{hint}',
    whatToDo: 'Known here: {known}.',
  },
  'unknown-marker': {
    status: 400,
    message:
      'The marker {marker} names nothing the model holds any more, so its place in the order of {sort_key} is unknown.',
    whatToDo: 'Begin again without a marker, or sort by {id_key}: that order is not disturbed by what goes.',
  },
  unauthenticated: {
    status: 401,
    message: 'This address needs a token{problem}.',
    whatToDo:
      'Send it as the header "Authorization: Bearer <token>" or the password of HTTP Basic, or a token of keystone as "X-Auth-Token", as the challenge says.',
  },
  'wrong-host': {
    status: 421,
    message: 'This address is asked for by the name {host}, which is not its own.',
    whatToDo:
      'Use localhost or the IP address, or list the name in identity.host_names: where nobody says who they are a name is refused, as a foreign web page could have it point here.',
  },
  forbidden: {
    status: 403,
    message: 'The policy does not allow you to do this: the rule is {rule}.',
    whatToDo: 'Ask with a role that the rule names, or have it changed under policy in the configuration.',
  },
  'identity-unavailable': {
    status: 503,
    message: 'It cannot be found out who you are: {problem}',
    whatToDo: 'Try again later; the operator should see to keystone.',
  },
  'not-found': {
    status: 404,
    message: 'There is nothing at {method} {path}.',
    whatToDo: 'See /docs for what there is.',
  },
  'host-not-found': {
    status: 404,
    message: 'No host {id} is known.',
    whatToDo: 'See /model/hosts for those that are. Hosts are named as nova-compute names itself.',
  },
  'instance-not-found': {
    status: 404,
    message: 'No instance {id} was ever heard of.',
    whatToDo: 'See /model/instances for those that are known; look whether the model is synced.',
  },
  'instance-deleted': {
    status: 404,
    message: 'Instance {id} was deleted; {event} of {publisher} said so at {at}.',
    whatToDo: 'Nothing: a uuid does not come back.',
  },
  'remote-write-version': {
    status: 415,
    message: 'This is remote write 2.0, of which nothing is read here.',
    whatToDo: 'Leave out protobuf_message in remote_write: Prometheus then writes version 1.0.',
  },
  'no-metric-source': {
    status: 409,
    message: 'No source of the kind {kind} is configured, so nothing is taken at this address.',
    whatToDo: 'Add one of the kind {kind} to metrics.sources and start again.',
  },
  'goal-not-found': {
    status: 404,
    message: 'There is no goal {id}.',
    whatToDo: 'Use one of: {known}.',
  },
  'strategy-not-found': {
    status: 404,
    message: 'There is no strategy {id}{problem}.',
    whatToDo: 'Use one of: {known}.',
  },
  'audit-template-not-found': {
    status: 404,
    message: 'There is no audit template {id}.',
    whatToDo: 'List those that there are; a deleted one can be used no more.',
  },
  'audit-not-found': {
    status: 404,
    message: 'There is no audit {id}.',
    whatToDo: 'List those that there are; deleted ones are shown only when asked for.',
  },
  'action-plan-not-found': {
    status: 404,
    message: 'There is no action plan {id}.',
    whatToDo: 'List those that there are; deleted ones are shown only when asked for.',
  },
  'action-not-found': {
    status: 404,
    message: 'There is no action {id}.',
    whatToDo: 'List the actions of its plan; deleted ones are shown only when asked for.',
  },
  'name-taken': {
    status: 409,
    message: 'There is {kind} named {name} already.',
    whatToDo: 'Choose another name, or delete the other one.',
  },
  'audit-invalid': {
    status: 400,
    message: '{field} is not valid: {problem}.',
    whatToDo: 'Correct it; docs/audits.md describes every field.',
  },
  'audit-unsolvable': {
    status: 400,
    message: 'Audit {step} comes to nothing: {problem}',
    whatToDo: 'Change its parameters; docs/strategies.md says what each strategy needs.',
  },
  'parameters-invalid': {
    status: 400,
    message: 'The parameters for strategy {strategy} are not valid: {problems}.',
    whatToDo: 'Correct them; the strategy tells its schema.',
  },
  'state-transition': {
    status: 409,
    message: '{kind} {id} cannot go from {from} to {to}.',
    whatToDo: 'From {from} it may be asked to go to: {possible}.',
  },
  'wrong-state': {
    status: 409,
    message: '{kind} {id} cannot be {done} while it is {state}.',
    whatToDo: 'It can be when it is: {possible}.',
  },
  'records-busy': {
    status: 503,
    message: 'The change lost too often against other changes of the same records.',
    whatToDo: 'Try again in a moment.',
  },
  'rule-not-found': {
    status: 404,
    message: 'There is no rule {name}.',
    whatToDo: 'See /sla/rules for those there are.',
  },
  'rule-exists': {
    status: 409,
    message: 'There is a rule {name} already.',
    whatToDo: 'Choose another name, or replace it: PUT /sla/rules/{name}.',
  },
  'rule-fixed': {
    status: 409,
    message: 'The rule {name} comes from {origin} and cannot be changed here.',
    whatToDo: 'Change it there and start again, or make a rule of another name.',
  },
  'rule-without-audit': {
    status: 409,
    message: 'The rule {name} asks for no audit.',
    whatToDo: 'Give it one ("audit") to try it out.',
  },
  'rule-about-nobody': {
    status: 409,
    message: 'The rule {name} is about nothing that is measured now.',
    whatToDo: 'Name resources, or see GET /sla/rules/{name}/why?resource= for why one is not among them.',
  },
  'no-engine': {
    status: 503,
    message: 'No process that evaluates rules has answered: this one does not.',
    whatToDo:
      'Ask again in a minute; another takes over when one is gone. There must be a process with the role engine on the same store.',
  },
  'not-measured-here': {
    status: 421,
    message: 'Nothing is measured in this process, as it has not the role engine.',
    whatToDo: 'Ask or send it to the processes with the role engine: each of them needs all samples.',
  },
  'silence-not-found': {
    status: 404,
    message: 'There is no silence {id}.',
    whatToDo: 'See /sla/silences for those there are.',
  },
  'silence-invalid': {
    status: 400,
    message: 'The silence is not valid: {problem}.',
    whatToDo: 'Correct it; docs/sla.md describes every field.',
  },
  'no-openstack': {
    status: 409,
    message: 'Vigil has no OpenStack API to ask: it knows the cloud by its notifications alone.',
    whatToDo: 'Configure openstack ("vigil config sample" shows how) and start again.',
  },
  'no-ingest': {
    status: 503,
    message: 'No process that compares the model with the cloud has answered: this one does not.',
    whatToDo:
      'Ask again in a minute; another takes over when one is gone. There must be a process with the role ingest on the same store.',
  },
  'too-many-reads': {
    status: 503,
    message: 'Too many single readings of the cloud are waiting already, or Vigil is being stopped.',
    whatToDo: 'Try again later, or refresh all.',
  },
  'url-too-long': {
    status: 414,
    message: 'The address has {length} characters, at most {limit} are read.',
    whatToDo: 'Ask for less at once.',
  },
  'headers-too-large': {
    status: 431,
    message: 'The address and the headers of the request have together more than 16 KiB.',
    whatToDo: 'Ask for less at once, and send fewer headers.',
  },
  'request-late': {
    status: 408,
    message: 'The request did not come in time.',
    whatToDo: 'Send it again, at once.',
  },
  'body-too-large': {
    status: 413,
    message: 'The body of the request is too large.',
    whatToDo: 'Send at most {limit} bytes.',
  },
  'bad-request': {
    status: 400,
    message: 'The request cannot be read: {problem}.',
    whatToDo: 'Correct it; /docs describes what is expected.',
  },
  'too-many-requests': {
    status: 429,
    message: 'More than {limit} requests in a second came from your address.',
    whatToDo: 'Ask less often; /model/changes tells changes without asking.',
  },
  'too-many-subscribers': {
    status: 503,
    message: 'All {limit} places for subscribers of changes are taken.',
    whatToDo: 'Try again later, or raise api.max_subscribers.',
  },
  overloaded: {
    status: 503,
    message: 'The service is too busy to answer.',
    whatToDo: 'Try again in a few seconds.',
  },
  internal: {
    status: 500,
    message: 'The service failed at this request.',
    whatToDo: 'Look into its log for request {request}, and report it.',
  },
  'config-not-found': {
    status: 500,
    message: 'There is no configuration file {file}.',
    whatToDo: 'Name one that exists, or make one: vigil config sample > {file}',
  },
  'config-unreadable': {
    status: 500,
    message: 'The configuration file {file} cannot be read: {problem}.',
    whatToDo: 'Mend it, or begin anew: vigil config sample',
  },
  'config-invalid': {
    status: 500,
    message: 'The configuration is not valid:\n{problems}',
    whatToDo: 'Correct these; "vigil config sample" shows every setting.',
  },
  'rule-file-not-found': {
    status: 500,
    message: 'There is no rule file {file}.',
    whatToDo: 'Name one that exists; docs/sla.md shows what is in it.',
  },
  'rule-file-unreadable': {
    status: 500,
    message: 'The rule file {file} cannot be read: {problem}.',
    whatToDo: 'Mend it; docs/sla.md shows what is in it.',
  },
  'model-file-unreadable': {
    status: 500,
    message: 'The model file {file} cannot be read: {problem}.',
    whatToDo: 'Put the answers of GET /model/hosts, instances, aggregates and server-groups together into one object.',
  },
  'sample-line-invalid': {
    status: 500,
    message: '{file}:{line} is no sample: {problem}.',
    whatToDo: 'Write lines {"metric": NAME, "resource": HOST OR UUID, "value": NUMBER, "time": SECONDS OR ISO 8601}.',
  },
  'rule-invalid': {
    status: 400,
    message: 'These rules are not valid:\n{problems}',
    whatToDo: 'Correct them; docs/sla.md describes every field.',
  },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERRORS;

/** Values for the placeholders of an error's message; they are told to the client, so no secrets. */
export type ErrorContext = Readonly<Record<string, string | number>>;

/** An error whose cause is understood: it has a code, and says what to do. */
export class VigilError extends Error {
  override readonly name = 'VigilError';
  readonly code: ErrorCode;
  readonly context: ErrorContext;

  constructor(code: ErrorCode, context: ErrorContext = {}, options?: ErrorOptions) {
    super(fill(ERRORS[code].message, context), options);
    this.code = code;
    this.context = context;
  }

  /** The HTTP status it is answered with. */
  get status(): number {
    return ERRORS[this.code].status;
  }

  get whatToDo(): string {
    return fill(ERRORS[this.code].whatToDo, this.context);
  }

  /** What clients of the API get. */
  toBody(): ErrorBody {
    return { error: { code: this.code, message: this.message, what_to_do: this.whatToDo } };
  }
}

export interface ErrorBody {
  readonly error: { readonly code: ErrorCode; readonly message: string; readonly what_to_do: string };
}

/** Longest value put into a message: what was sent by somebody may be of any length. */
const VALUE_LIMIT = 300;

function fill(template: string, context: ErrorContext): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(context[name] ?? '');
    return value.length > VALUE_LIMIT && name !== 'problems' ? `${value.slice(0, VALUE_LIMIT)}…` : value;
  });
}
