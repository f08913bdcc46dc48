/* SPDX-License-Identifier: MIT
 * Holds what a person configured against the peer's own choice lists: settings that were set,
 * literal values of mappings, and values in tables.
 *
 * `koppel check --online` reports every wrong value; the engine asks once before a flow first
 * writes. */
#ifndef KOPPEL_CONNECTION_SETTINGS_CHECK_H
#define KOPPEL_CONNECTION_SETTINGS_CHECK_H

#include "config/conf_report.h"
#include "connection/connection.h"
#include "connection/list.h"

/* Told of every wrong value: where it stands, and one sentence that names it and the nearest right
 * one. Borrowed. */
typedef void settings_wrong(void *arg, const struct conf_mistake *m);

struct settings_list;

/* One check against one connection; every list is fetched once. */
struct settings_check {
    struct connection *connection;
    settings_wrong *wrong;
    void *arg;
    struct settings_list *lists;
    int list_count;
};

void settings_check_init(struct settings_check *s, struct connection *c, settings_wrong *wrong,
                         void *arg);
void settings_check_done(struct settings_check *s);
/* The connection's own settings. -1: a list could not be fetched. */
int settings_check_connection(struct settings_check *s, struct koppel_error *err);
/* What the flow sends to the connection, which is its destination: literals, settings and table
 * values. */
int settings_check_flow(struct settings_check *s, const struct conf_flow *flow,
                        struct koppel_error *err);
/* How the flow reads from the connection, which is its source: its options. */
int settings_check_source(struct settings_check *s, const struct conf_flow *flow,
                          struct koppel_error *err);
/* Are the default records of the flow's references there? The connection is its destination. */
int settings_check_defaults(struct settings_check *s, const struct conf_flow *flow,
                            struct koppel_error *err);

/* The connection and what the flow sends, for the engine: -1 and KOPPEL_E_CONFIG with the first
 * wrong value (reason "settings.value"), or what kept a list from being fetched. */
int settings_check(struct connection *to, const struct conf_flow *flow, struct koppel_error *err);

#endif
