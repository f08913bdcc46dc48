/* SPDX-License-Identifier: MIT
 * What goes over the socket: a JSON object per line.
 *
 *   -> {"ask":"flows.pause","in":{"flow":"orders"},"version":"0.1.0","via":"cli"}
 *   <- {"tell":{...}}                 progress, as often as there is any
 *   <- {"out":{...}}                  or {"error":{"kind","reason","text","facts"}}; the last
 *                                   line */
#ifndef KOPPEL_SERVICE_SERVICE_WIRE_H
#define KOPPEL_SERVICE_SERVICE_WIRE_H

#include <jansson.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/buf.h"
#include "base/err.h"

#define SERVICE_WIRE_ASK_BYTES (8u << 20) /* the longest question */
#define SERVICE_WIRE_OUT_BYTES (256u << 20) /* the longest answer */

/* The end of a socket, and what was read of the next line. */
struct service_wire {
    int fd;
    struct buf rest;
};

void service_wire_init(struct service_wire *w, int fd, size_t limit_bytes);
/* Closes the socket, too. */
void service_wire_done(struct service_wire *w);
/* The next line, a new reference. NULL: the other end is gone, or it is no JSON object. */
json_t *service_wire_read(struct service_wire *w);
/* Sends a line; value is freed. -1: the other end is gone. */
int service_wire_write(struct service_wire *w, json_t *value_take);

json_t *service_wire_error(const struct koppel_error *err);
void service_wire_take_error(const json_t *error, struct koppel_error *err);

/* The socket beside the store at store_path, whose path may be longer than a socket's address:
 * *folder is kept open until it was bound or connected to. -1: there is no such folder. */
int service_wire_address(const char *store_path, struct sockaddr_un *out, int *folder);

#endif
