/* SPDX-License-Identifier: MIT
 * The unix socket on which a running engine answers: beside the store, for its own user and
 * root. */
#ifndef KOPPEL_SERVICE_SERVICE_SOCKET_H
#define KOPPEL_SERVICE_SERVICE_SOCKET_H

#include "service/service.h"

struct service_socket;

/* Where the questions are answered from, one call per question and thread. */
struct service_source {
    /* Fills s; -1 and err: what the row needs is not to be had now. */
    int (*take)(void *arg, const struct service_row *row, struct service *s,
                struct koppel_error *err);
    void (*give)(void *arg, struct service *s);
    void *arg;
};

/* Listens beside the store at store_path and answers from a thread per question. source is copied;
 * what it points to must outlive the socket. NULL and err: it cannot be made. */
struct service_socket *service_socket_open(const char *store_path,
                                           const struct service_source *source,
                                           struct koppel_error *err);
/* Nothing new is taken, what is under way is told to stop and waited for. Takes NULL. */
void service_socket_close(struct service_socket *socket);

#endif
