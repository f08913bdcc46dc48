/* SPDX-License-Identifier: MIT
 * The HTTP server of the pages and their API. */
#ifndef KOPPEL_DASHBOARD_DASHBOARD_SERVER_H
#define KOPPEL_DASHBOARD_DASHBOARD_SERVER_H

#include "config/conf_dashboard.h"
#include "engine/engine.h"
#include "service/service_socket.h"

struct dashboard_server;

/* Listens where conf says (conf->listen is not NULL); engine, conf and what source points to
 * outlive it.
 * NULL and err: the address is not to be had. */
struct dashboard_server *dashboard_server_open(struct engine *e,
                                               const struct service_source *source,
                                               const struct conf_dashboard *conf,
                                               struct koppel_error *err);
/* Orders under way are told to end and waited for. Takes NULL. */
void dashboard_server_close(struct dashboard_server *s);
/* Tells the alerts what there is; every few seconds. */
void dashboard_server_look(struct dashboard_server *s);
/* What browsers open, without a slash at its end; the server's. */
const char *dashboard_server_address(const struct dashboard_server *s);

#endif
