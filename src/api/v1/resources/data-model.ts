import { Type } from 'typebox';
import { readArguments } from '../arguments.ts';
import { enforce, type V1 } from '../context.ts';
import { DataModelRows, ROW_PROPERTIES } from '../data-model-rows.ts';
import { Fault } from '../fault.ts';
import { Pieces } from '../json.ts';
import { ADDED } from '../microversion.ts';
import { needVersion } from '../negotiation.ts';
import type { Operation } from '../serve.ts';

const QUERY = Type.Object({
  data_model_type: Type.Optional(Type.String({ enum: ['compute'], default: 'compute' })),
  audit_uuid: Type.Optional(Type.String({ description: 'As this audit may touch it.' })),
});
const ROW = Type.Object(ROW_PROPERTIES, { title: 'DataModelRow' });

const START = Buffer.from('{"context":[');
const END = Buffer.from(']}');

/** `GET /v1/data_model`: the live model as one row for each server. */
export function dataModelOperations(v1: V1): readonly Operation[] {
  const { book } = v1.desk;
  const rows = new DataModelRows(v1.state);
  return [
    {
      method: 'GET',
      path: 'data_model',
      schema: {
        summary: 'Data model: list',
        description: `Since 1.${ADDED.dataModel}.`,
        querystring: QUERY,
        response: { 200: Type.Object({ context: Type.Array(ROW) }) },
      },
      handle: (request) => {
        const given = readArguments(request.query, { data_model_type: 'text', audit_uuid: 'uuid' });
        needVersion(request, ADDED.dataModel);
        enforce(v1, request, 'data_model:get_all');
        const type = given.data_model_type ?? 'compute';
        if (type !== 'compute') throw new Fault('data-model-not-found', { type });
        const audit = given.audit_uuid === null ? null : book.audits.get(given.audit_uuid);
        if (audit === undefined || (audit !== null && audit.deletedAt !== null))
          throw new Fault('refused', { problem: `Expected a uuid or int but received ${given.audit_uuid}` });
        const shown = audit === null || audit.scope.length === 0 ? null : v1.scopeOf(audit.scope);
        return new Pieces([START, ...rows.write(request.minor >= ADDED.extendedDataModel, shown), END]);
      },
    },
  ];
}
