/** Who Vigil is for keystone, and what it is to be scoped to. */
export type Credentials =
  | {
      readonly kind: 'password';
      readonly authUrl: string;
      readonly user: Named;
      readonly password: string;
      readonly scope: Scope;
    }
  | {
      readonly kind: 'application_credential';
      readonly authUrl: string;
      /** By id, or by name and the user it belongs to. */
      readonly credential: { readonly id: string } | { readonly name: string; readonly user: Named };
      readonly secret: string;
    }
  | { readonly kind: 'token'; readonly authUrl: string; readonly token: string; readonly scope: Scope }
  /** No keystone: the endpoints are given and nothing is checked. */
  | { readonly kind: 'none' };

/** A user or project: by id, or by name within a domain. */
export type Named = { readonly id: string } | { readonly name: string; readonly domain: DomainName };

export type DomainName = { readonly id: string } | { readonly name: string };

export type Scope =
  | { readonly kind: 'project'; readonly project: Named }
  | { readonly kind: 'domain'; readonly domain: DomainName }
  | { readonly kind: 'system' };

export type Interface = 'public' | 'internal' | 'admin';

/** The services Vigil speaks with, by the types of the service catalog. */
export const SERVICE_TYPES = ['compute', 'placement'] as const;

export type ServiceType = (typeof SERVICE_TYPES)[number];

/** Services that are looked up in the catalog only: Aetos, Gnocchi, Watcher. */
export type LookedUpServiceType = 'metric-storage' | 'metric' | 'infra-optim';

export interface TlsOptions {
  /** File of certificates (PEM) that are trusted besides the system's. */
  readonly cacert: string | null;
  /** Files of a client certificate and its key (PEM). */
  readonly cert: string | null;
  readonly key: string | null;
  /** False: any certificate is taken. */
  readonly verify: boolean;
}

/** How to reach a cloud's APIs. */
export interface OpenStackOptions {
  readonly credentials: Credentials;
  /** Null when the catalog has one region only. */
  readonly region: string | null;
  readonly interface: Interface;
  /** Endpoints used instead of those of the catalog. */
  readonly endpoints: Readonly<Partial<Record<ServiceType, string>>>;
  readonly tls: TlsOptions;
  /** The services are emulators that know only a part of their APIs: what they lack is taken for empty. */
  readonly partial?: boolean;
}

/** How requests are made. */
export interface HttpOptions {
  /** For one try of one request, from sending to the end of the answer. */
  readonly timeoutSeconds: number;
  /** Requests under way at once, over all services. */
  readonly concurrency: number;
  /** Answers beyond this are not read on. */
  readonly maxAnswerBytes: number;
}

export const HTTP_DEFAULTS: HttpOptions = {
  timeoutSeconds: 60,
  concurrency: 8,
  maxAnswerBytes: 64 * 1024 * 1024,
};
