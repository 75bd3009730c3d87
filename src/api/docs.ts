import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { Api } from './routes/route.ts';

/** The description of the API at /openapi.json, and Swagger UI at /docs with nothing from elsewhere. */
export function describeApi(api: Api, version: string): void {
  api.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Vigil',
        version,
        description: 'A live model of an OpenStack cloud: its hosts and instances, and their changes as they happen.',
      },
      tags: [
        { name: 'model', description: 'The model and its changes' },
        { name: 'ingest', description: 'How messages are taken in' },
        { name: 'operation', description: 'For those who run Vigil' },
      ],
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer' },
          keystone: { type: 'apiKey', in: 'header', name: 'X-Auth-Token' },
        },
      },
      security: [{}, { token: [] }, { keystone: [] }],
    },
  });
  api.register(swaggerUi, { routePrefix: '/docs', uiConfig: { docExpansion: 'list', deepLinking: true } });
}
