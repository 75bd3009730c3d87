import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { VigilError } from '../errors.ts';

/** Answers what could not even be read as a request, in the form of all errors, and ends its connection. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const told = understood(error);
  const body = JSON.stringify(told.toBody());
  const head = [
    `HTTP/1.1 ${told.status} ${STATUS_CODES[told.status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function understood({ code }: { readonly code?: string }): VigilError {
  if (code === 'HPE_HEADER_OVERFLOW') return new VigilError('headers-too-large');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new VigilError('request-late');
  return new VigilError('bad-request', { problem: 'it is not HTTP/1.1' });
}
