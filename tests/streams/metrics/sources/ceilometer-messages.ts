/** An envelope as oslo.messaging writes it around a payload. */
export function oslo(event: string, payload: unknown): Buffer {
  const message = {
    ...{
      message_id: '37f64423-db31-4cfb-8c9d-06f9c0fad04a',
      publisher_id: 'telemetry.publisher.c0',
      event_type: event,
    },
    ...{ priority: 'SAMPLE', payload, timestamp: '2026-11-25 21:00:00.123456' },
  };
  return Buffer.from(JSON.stringify({ 'oslo.version': '2.0', 'oslo.message': JSON.stringify(message) }));
}

export const published = (
  meter: string,
  resource: string,
  volume: number,
  timestamp = '2026-11-25T21:00:00.000000',
) => ({
  ...{ source: 'openstack', counter_name: meter, counter_type: 'gauge', counter_unit: 'MB', counter_volume: volume },
  ...{ resource_id: resource, timestamp, resource_metadata: {}, message_id: 'm', message_signature: 's' },
});
