import { Reader } from 'protobufjs/minimal.js';

/** One series of a remote-write request. */
export interface WrittenSeries {
  readonly labels: { readonly [name: string]: string };
  readonly samples: readonly WrittenSample[];
}

export interface WrittenSample {
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

/** Numbers of protobuf fields. Source: prometheus/prompb remote.proto and types.proto (remote write 1.0). */
const REQUEST = { timeseries: 1 } as const;
const SERIES = { labels: 1, samples: 2 } as const;
const LABEL = { name: 1, value: 2 } as const;
const SAMPLE = { value: 1, timestamp: 2 } as const;

const WIRE_TYPE_BITS = 3;
const WIRE_TYPE = 0b111;
/** Labels of one series; Prometheus itself warns far below. */
const MAX_LABELS = 200;

/** Reads a WriteRequest of at most so many samples; what else is in it (metadata, exemplars) is passed over. Throws an Error. */
export function readWriteRequest(bytes: Uint8Array, maxSamples: number): WrittenSeries[] {
  const reader = Reader.create(bytes);
  const all: WrittenSeries[] = [];
  let samples = 0;
  fields(reader, reader.len, {
    [REQUEST.timeseries]: (end) => {
      const series = readSeries(reader, end);
      samples += series.samples.length;
      if (samples > maxSamples) throw new Error(`it has more than ${maxSamples} samples`);
      all.push(series);
    },
  });
  return all;
}

function readSeries(reader: Reader, end: number): WrittenSeries {
  const labels: [string, string][] = [];
  const samples: WrittenSample[] = [];
  fields(reader, end, {
    [SERIES.labels]: (to) => {
      if (labels.length >= MAX_LABELS) throw new Error(`a series has more than ${MAX_LABELS} labels`);
      labels.push(readLabel(reader, to));
    },
    [SERIES.samples]: (to) => samples.push(readSample(reader, to)),
  });
  return { labels: Object.fromEntries(labels), samples };
}

function readLabel(reader: Reader, end: number): [string, string] {
  const label: [string, string] = ['', ''];
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag >>> WIRE_TYPE_BITS === LABEL.name) label[0] = reader.string();
    else if (tag >>> WIRE_TYPE_BITS === LABEL.value) label[1] = reader.string();
    else reader.skipType(tag & WIRE_TYPE);
  }
  return label;
}

function readSample(reader: Reader, end: number): WrittenSample {
  let value = 0;
  let timestamp = 0;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag >>> WIRE_TYPE_BITS === SAMPLE.value) value = reader.double();
    else if (tag >>> WIRE_TYPE_BITS === SAMPLE.timestamp) timestamp = Number(reader.int64());
    else reader.skipType(tag & WIRE_TYPE);
  }
  return { value, timestamp };
}

/** Reads the messages within one up to `end`, each by its field's number. */
function fields(reader: Reader, end: number, readers: { readonly [field: number]: (end: number) => void }): void {
  while (reader.pos < end) {
    const tag = reader.uint32();
    const read = readers[tag >>> WIRE_TYPE_BITS];
    if (read === undefined) {
      reader.skipType(tag & WIRE_TYPE);
      continue;
    }
    const length = reader.uint32();
    const inner = reader.pos + length;
    if (inner > end) throw new RangeError('it is cut off');
    read(inner);
  }
}
