/* SPDX-License-Identifier: MIT
 * What a loaded configuration has under a name, and its end. */
#include "config/conf.h"

#include <stdlib.h>
#include <string.h>

#include "config/conf_held.h"

void conf_free(struct conf *c)
{
    if (!c)
        return;
    conf_held_free(c->held);
    free(c->reads);
    free(c);
}

struct conf_connection *conf_connection(const struct conf *c, const char *name)
{
    for (int i = 0; i < c->connection_count; i++) {
        if (strcmp(c->connections[i].name, name) == 0)
            return &c->connections[i];
    }
    return NULL;
}

struct conf_flow *conf_flow(const struct conf *c, const char *name)
{
    for (int i = 0; i < c->flow_count; i++) {
        if (strcmp(c->flows[i].name, name) == 0)
            return &c->flows[i];
    }
    return NULL;
}

const struct conf_setting *conf_setting(const struct conf_connection *c, const char *name)
{
    for (int i = 0; i < c->setting_count; i++) {
        if (strcmp(c->settings[i].name, name) == 0)
            return &c->settings[i];
    }
    return NULL;
}
