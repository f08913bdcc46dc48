/* SPDX-License-Identifier: MIT
 * Sites: what worlds of one way share. */
#include "world_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue/catalogue_parse.h"
#include "connection/connection.h"
#include "model/model.h"

static struct world_site *sites[WORLD_WAYS][2][WORLD_MOODS];

/* ---- sites: what worlds of one way share ---- */

static const char *catalogue_of(enum world_way way, bool batched, enum world_mood mood)
{
    static char text[3000];
    static const struct {
        const char *can, *repeat, *more;
    } ways[] = {
        {"\"find\",\"create\",\"update\",\"remove\"", "lookup", "\"document\":\"reference\","},
        {"\"find\",\"create\",\"update\",\"remove\"", "lookup",
         "\"document\":\"reference\",\"correct\":[\"total\"],"},
        {"\"find\",\"create\",\"update\",\"remove\"", "lookup",
         "\"document\":\"reference\",\"correct\":[\"total\"],"},
        {"\"find\",\"create\",\"update\"", "lookup", "\"match\":{\"number\":\"number\"},"},
        {"\"create\",\"update\",\"remove\"", "idempotent", "\"document\":\"reference\","},
        {"\"find\",\"create\",\"update\",\"remove\"", "idempotent",
         "\"document\":\"reference\",\"correct\":[\"total\"],"},
        {"\"create\"", "upsert", ""},
        {"\"create\",\"update\",\"remove\"", "never", "\"document\":\"reference\","},
        {"\"find\",\"create\",\"update\",\"remove\"", "lookup",
         "\"document\":\"reference\",\"references\":[{\"name\":\"customer\",\"entity\":\"card\","
         "\"from\":\"customer\",\"key\":\"number\",\"model\":\"record\"}],"},
    };
    bool finds = strstr(ways[way].can, "find") != NULL;
    bool number = way == WAY_MATCH || way == WAY_UPSERT;
    snprintf(text, sizeof text,
             "{\"title\":\"Fake\",\"settings\":[{\"name\":\"number\",\"type\":\"integer\"}],"
             "\"entities\":["
             "{\"name\":\"card\",\"key\":\"id\",\"can\":[\"find\",\"create\",\"update\"],"
             "\"repeat\":\"lookup\",\"find\":[\"id\",\"number\"],"
             "\"match\":{\"number\":\"number\"}},"
             "{\"name\":\"record\",\"model\":\"record\",\"key\":\"%s\",\"can\":[\"read\"]},"
             "{\"name\":\"thing\",\"model\":\"record\",\"key\":\"id\",\"can\":[%s],"
             "\"repeat\":\"%s\",%s%s\"batch\":{\"write\":%d,\"find\":%d}%s%s%s,"
             "\"fields\":[{\"name\":\"id\",\"read_only\":true},{\"name\":\"version\",\"read_only\":"
             "true},{\"name\":\"%s\",\"required\":true},{\"name\":\"customer\",\"role\":"
             "\"customer\"},{\"name\":\"total\",\"type\":\"decimal\",\"role\":\"total\"},"
             "{\"name\":\"state\"},{\"name\":\"active\"}]}]}",
             number ? "number" : "reference", ways[way].can, ways[way].repeat, ways[way].more,
             mood == MOOD_LAGS          ? "\"lag\":\"10s\","
             : mood == MOOD_CONDITIONAL ? "\"conditional\":\"version\","
                                        : "",
             batched && way != WAY_NEVER ? 3 : 1, finds ? 3 : 1,
             finds ? ",\"find\":[\"id\",\"" : "", finds ? (number ? "number" : "reference") : "",
             finds ? "\"]" : "", number ? "number" : "reference");
    return text;
}

/* total, customer, reference and state by rules: a mapping that does not read the VAT rounding. */
static void make_rules(struct world_site *s, enum world_way way)
{
    static const char *const names[] = {"reference", "customer", "total", "state"};
    struct koppel_error err = {0};
    for (int i = 0; i < 4; i++) {
        s->to_path[i] = path_parse(names[i], &err);
        s->from_path[i] =
            path_parse(way == WAY_REFERENCE && i == 1 ? "customer.ref" : names[i], &err);
        s->rules[i] = (struct conf_rule){
            .to = s->to_path[i], .from = &s->from_path[i], .from_count = 1, .join = "|"};
    }
}

json_t *world_site_settings(enum world_way way)
{
    bool difference = way == WAY_DIFFERENCE || way == WAY_SINGLE || way == WAY_KEYED_SUM;
    return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "on_change", difference ? "difference" : "update",
                     "on_cancel", difference ? "credit" : "cancel", "removed_there", "create",
                     "on_gone", "deactivate", "on_leave", "deactivate", "update_existing", "true");
}

struct world_site *world_site_of(enum world_way way, bool batched, enum world_mood mood)
{
    struct koppel_error err = {0};
    struct world_site *s = sites[way][batched][mood];
    if (s)
        return s;
    s = sites[way][batched][mood] = calloc(1, sizeof *s);
    s->plugin.path = (char *)"/fake.so";
    s->plugin.entry.kind = KOPPEL_KIND_CONNECTOR;
    s->plugin.entry.name = "fake";
    s->plugin.catalogue = catalogue_parse(catalogue_of(way, batched, mood), &err);
    if (!s->plugin.catalogue)
        world_die("catalogue", &err);
    s->plugin.connector = world_end_plugin;
    make_rules(s, way);
    for (int i = 0; i <= WORLD_HOSTS; i++) {
        s->number[i] =
            (struct conf_setting){.name = "number", .text = i == 0 ? "0" : "1", .number = i};
        s->conf[i] = (struct conf_connection){.name = "books",
                                              .plugin = &s->plugin,
                                              .catalogue = s->plugin.catalogue,
                                              .settings = &s->number[i],
                                              .setting_count = 1,
                                              .concurrency = 1,
                                              .connect_timeout_ms = 1000,
                                              .timeout_ms = WORLD_TIMEOUT_MS,
                                              .quiet_ms = WORLD_QUIET_MS,
                                              .lag_ms = -1,
                                              .limit_bytes = 1 << 20,
                                              .tls_min = 12};
        s->source[i] = s->conf[i];
        s->source[i].name = "till";
        s->to[i] = connection_new(&s->conf[i], NULL, &err);
        s->from[i] = connection_new(&s->source[i], NULL, &err);
        if (!s->to[i] || !s->from[i])
            world_die("connection", &err);
        s->flow[i] = (struct conf_flow){.enabled = true,
                                        .from = &s->source[i],
                                        .to = &s->conf[i],
                                        .from_entity = "record",
                                        .to_entity = "thing",
                                        .model = "record",
                                        .partitions = 1,
                                        .batch = 100,
                                        .attempts = 8,
                                        .options = json_object(),
                                        .settings = world_site_settings(way),
                                        .version = "1"};
        if (way == WAY_REFERENCE) {
            s->customer_match[0] = "number";
            s->no_settings = s->no_settings ? s->no_settings : json_object();
            s->customer = (struct conf_reference){.name = "customer",
                                                  .match = s->customer_match,
                                                  .match_count = 1,
                                                  .missing = MISSING_CREATE,
                                                  .update_existing = true,
                                                  .type_change = "park",
                                                  .settings = s->no_settings};
            s->flow[i].references = &s->customer;
            s->flow[i].reference_count = 1;
        }
        if (way == WAY_SINGLE || way == WAY_REFERENCE)
            s->flow[i].send = (struct conf_mapping){.rules = s->rules, .count = 4};
    }
    return s;
}

static void site_free(struct world_site *s)
{
    for (int i = 0; s && i <= WORLD_HOSTS; i++) {
        connection_free(s->to[i]);
        connection_free(s->from[i]);
        json_decref(s->flow[i].options);
        json_decref(s->flow[i].settings);
    }
    for (int i = 0; s && i < 4; i++) {
        path_free(s->to_path[i]);
        path_free(s->from_path[i]);
    }
    if (s) {
        catalogue_free(s->plugin.catalogue);
        json_decref(s->no_settings);
    }
    free(s);
}

void world_site_end(void)
{
    for (int i = 0; i < WORLD_WAYS * 2 * WORLD_MOODS; i++) {
        struct world_site **s = &sites[i / 2 / WORLD_MOODS][i / WORLD_MOODS % 2][i % WORLD_MOODS];
        site_free(*s);
        *s = NULL;
    }
}
