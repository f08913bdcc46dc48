/* SPDX-License-Identifier: MIT
 * What the files of the world share; tests know world.h. */
#ifndef KOPPEL_TESTS_FLOW_WORLD_PARTS_H
#define KOPPEL_TESTS_FLOW_WORLD_PARTS_H

#include "world.h"

#include "koppel/plugin.h"
#include "plugin/plugins.h"

#define WORLD_TIMEOUT_MS 4500
#define WORLD_QUIET_MS 3000

/* The world that the plugin's instances belong to. */
extern struct world *world_now;

/* Says what failed, and ends the program. */
void world_die(const char *what, const struct koppel_error *err);

/* world_gate.c: what becomes of a step that a host is about to take. */
enum world_do world_gate_pass(struct world_host *h, enum world_gate gate);
/* The store as the flow code sees it: a world_host, whose `real` is asked where a gate lets it. */
extern const struct store_ops world_gate_store;

/* world_end.c: the plugin, which is both the source and the destination. */
extern const struct koppel_connector world_end_plugin;

struct world_site {
    struct plugin plugin;
    struct conf_connection conf[WORLD_HOSTS + 1], source[WORLD_HOSTS + 1];
    struct conf_setting number[WORLD_HOSTS + 1];
    struct connection *to[WORLD_HOSTS + 1], *from[WORLD_HOSTS + 1];
    struct conf_flow flow[WORLD_HOSTS + 1];
    struct conf_rule rules[4];
    struct path *to_path[4], *from_path[4];
    struct conf_reference customer;
    const char *customer_match[1];
    json_t *no_settings;
};
/* world_site.c: what worlds of one way share. It is made once. */
struct world_site *world_site_of(enum world_way way, bool batched, enum world_mood mood);
/* The settings of a flow of that way; a new reference. */
json_t *world_site_settings(enum world_way way);
/* Frees all of them. */
void world_site_end(void);

#endif
