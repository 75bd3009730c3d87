/** What a cluster's refusal or a failed connection means, as one line that says what would mend it. No credentials. */
export function explainKafkaError(error: unknown, brokers: readonly string[]): string {
  const text = chainOf(error);
  const explained = EXPLANATIONS.find(({ when }) => when.test(text));
  const told = explained?.say ?? (error instanceof Error ? error.message : String(error));
  return `${brokers.join(', ')}: ${told.replace(/\s+/g, ' ').trim().slice(0, 500)}`;
}

/** The first that fits the names, codes and messages of an error and its causes is told. */
const EXPLANATIONS: readonly { readonly when: RegExp; readonly say: string }[] = [
  {
    when: /SASL [\w-]+ authentication failed|SASLAuthenticationError.*(invalid|failed)/i,
    say: 'the user name or the password is wrong',
  },
  {
    when: /UNSUPPORTED_SASL_MECHANISM|mechanism.*not (supported|enabled)/i,
    say: 'the broker does not offer this SASL mechanism; sasl.mechanism must be one that its listener has enabled',
  },
  {
    when: /TOPIC_AUTHORIZATION_FAILED/,
    say: 'the topics may not be read; Vigil needs Describe and Read on its topics',
  },
  {
    when: /GROUP_AUTHORIZATION_FAILED/,
    say: 'the consumer group may not be used; Vigil needs Read and Describe on its group',
  },
  { when: /ECONNREFUSED/, say: 'nothing listens there; is Kafka running, and are host and port right?' },
  { when: /ENOTFOUND|EAI_AGAIN/, say: 'a host name is not known; is it right, and are the advertised listeners?' },
  {
    when: /CERT|certificate|SELF_SIGNED|ERR_TLS|ERR_SSL|SSL routines|ERR_OSSL|EPROTO|secure TLS connection/i,
    say: 'TLS failed; check the certificate authority given as tls.ca, the names in the certificates of the brokers, that this is the TLS port, and tls.cert and tls.key where clients need a certificate',
  },
  {
    when: /Closed connection|ECONNRESET|Connection timeout|timed out/i,
    say: 'the connection was closed or not answered; is this the right port (TLS or not, SASL or not), is the broker up?',
  },
];

function chainOf(error: unknown): string {
  const told: string[] = [];
  for (let each = error; each instanceof Error && told.length < 8; each = each.cause) {
    const { code, type } = each as { code?: unknown; type?: unknown };
    told.push(`${each.name} ${code ?? ''} ${type ?? ''} ${each.message}`);
  }
  return told.length > 0 ? told.join(' / ') : String(error);
}
