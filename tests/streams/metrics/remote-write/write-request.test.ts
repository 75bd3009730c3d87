import fc from 'fast-check';
import { Writer } from 'protobufjs/minimal.js';
import { compress } from 'snappy';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../../model/metrics/catalogue.ts';
import { unpack } from '../../../../streams/metrics/remote-write/unpack.ts';
import { readWriteRequest, type WrittenSeries } from '../../../../streams/metrics/remote-write/write-request.ts';
import { writtenMeasurements, writtenNames } from '../../../../streams/metrics/remote-write/written-names.ts';

/** A WriteRequest as Prometheus writes it, with a field that is not read after each that is. */
function written(all: readonly WrittenSeries[]): Buffer {
  const writer = Writer.create();
  for (const { labels, samples } of all) {
    writer.uint32(0x0a).fork();
    for (const [name, value] of Object.entries(labels)) {
      writer.uint32(0x0a).fork().uint32(0x0a).string(name).uint32(0x12).string(value).ldelim();
    }
    for (const { value, timestamp } of samples) {
      writer.uint32(0x12).fork().uint32(0x09).double(value).uint32(0x10).int64(timestamp).ldelim();
    }
    writer.uint32(0x1a).fork().uint32(0x08).uint32(7).ldelim();
    writer.ldelim();
  }
  writer.uint32(0x1a).fork().uint32(0x08).uint32(1).ldelim();
  return Buffer.from(writer.finish());
}

const name = fc.stringMatching(/^[a-z_]{1,20}$/);
const series: fc.Arbitrary<WrittenSeries> = fc.record({
  labels: fc.dictionary(name, fc.string({ maxLength: 20 }), { maxKeys: 10, noNullPrototype: true }),
  samples: fc.array(fc.record({ value: fc.double(), timestamp: fc.integer({ min: -(2 ** 52), max: 2 ** 52 }) }), {
    maxLength: 10,
  }),
});

describe('a remote-write request', () => {
  it('is read as it was written, whatever else is in it', () => {
    fc.assert(
      fc.property(fc.array(series, { maxLength: 10 }), (all) => {
        expect(readWriteRequest(written(all), 1_000)).toEqual(all);
      }),
    );
  });

  it('of any bytes is read or refused, and ends', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          readWriteRequest(bytes, 10);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
    );
  });

  it('with more samples or labels than are taken is refused', () => {
    const samples = Array.from({ length: 11 }, (_, timestamp) => ({ value: 1, timestamp }));
    expect(() => readWriteRequest(written([{ labels: {}, samples }]), 10)).toThrow('more than 10 samples');
    const labels = Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`l${i}`, '']));
    expect(() => readWriteRequest(written([{ labels, samples: [] }]), 10)).toThrow('more than 200 labels');
  });
});

describe('a packed request', () => {
  it('is unpacked', async () => {
    const block = Buffer.from(await compress(Buffer.from('samples'.repeat(100))));
    expect((await unpack(block, 1_000)).toString()).toBe('samples'.repeat(100));
  });

  it('that would be too large is refused unopened, by what its beginning says', async () => {
    const claims = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f]);
    await expect(unpack(claims, 1_000)).rejects.toThrow('4294967295 bytes unpacked, at most 1000');
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a length without an end', Buffer.alloc(10, 0xff)],
    ['less than its length says', Buffer.from([100, 0, 1])],
  ])('of %s is refused', async (_, block) => {
    await expect(unpack(block, 1_000)).rejects.toThrow('not packed by snappy');
  });
});

describe('a written series', () => {
  const names = writtenNames(CATALOGUE);
  const measured = (called: string) =>
    writtenMeasurements(
      [{ labels: { __name__: called, host: 'h1' }, samples: [{ value: 2, timestamp: 1_500 }] }],
      names,
    );

  it('is a metric of the catalogue by the name that recording rules give it', () => {
    expect(measured('vigil:cpu_steal')).toMatchObject([{ metric: 'cpu_steal', value: 2, time: 1.5 }]);
    expect(measured('vigil:cpu_steal')[0]).not.toHaveProperty('provision');
  });

  it('is one as a provider has it where no query is needed', () => {
    const [first] = measured('ipmi_dcmi_power_consumption_watts');
    expect(first).toMatchObject({ metric: 'host_power', provision: { of: 'host', by: 'ipmi_exporter' } });
  });

  it('of another name keeps it, so that it is refused by it', () => {
    expect(measured('go_goroutines')).toMatchObject([{ metric: 'go_goroutines' }]);
  });
});
