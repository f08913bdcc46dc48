/* SPDX-License-Identifier: MIT
 * Measures both mappings of an order of ten lines, as they are shipped: microseconds of CPU and
 * allocations per order, without reading and writing JSON. Prints that, and what both gave.
 *
 * mapping ORDER.json [ORDERS]
 *
 * ORDER.json holds the till's order as "source", and as "core" what of it reaches the send mapping.
 * The configuration is that of KOPPEL_CONFIG. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/json_pool.h"
#include "config/conf_load.h"
#include "connection/host.h"
#include "mapping/map.h"
#include "plugin/plugins.h"

/* ---- counting ---- */

static atomic_long allocations;

void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t count, size_t bytes);
void *__libc_realloc(void *p, size_t bytes);

void *malloc(size_t bytes)
{
    atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed);
    return __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes)
{
    atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed);
    return __libc_calloc(count, bytes);
}

void *realloc(void *p, size_t bytes)
{
    atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed);
    return __libc_realloc(p, bytes);
}

static double cpu_us(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 + (double)u.ru_utime.tv_usec +
           (double)u.ru_stime.tv_usec;
}

/* ---- mapping ---- */

static int fail(const char *words)
{
    fprintf(stderr, "%s\n", words);
    return 1;
}

/* A new reference. */
static json_t *mapped(const struct conf_mapping *mapping, const json_t *record)
{
    struct koppel_error err = {0};
    json_t *out = NULL;
    if (map_apply(mapping, record, MAP_CREATE, NULL, &out, &err) != 0 ||
        json_array_size(json_object_get(out, "lines")) != 10) {
        fprintf(stderr, "it does not map: %s\n", err.text);
        exit(1);
    }
    return out;
}

static void measure(const char *name, const struct conf_mapping *mapping, const json_t *record,
                    int orders, double *us, double *count)
{
    json_decref(mapped(mapping, record)); /* whatever is made the first time */
    long before = atomic_load(&allocations);
    double at = cpu_us();
    for (int i = 0; i < orders; i++)
        json_decref(mapped(mapping, record));
    double took = (cpu_us() - at) / orders;
    double made = (double)(atomic_load(&allocations) - before) / orders;
    printf("mapping.%s %.1f us, %.0f allocations\n", name, took, made);
    *us += took;
    *count += made;
}

int main(int argc, char **argv)
{
    const char *dirs[] = {getenv("KOPPEL_PLUGINS"), NULL}, *config = getenv("KOPPEL_CONFIG");
    struct conf_report report = {0};
    struct koppel_error err = {0};
    double us = 0, count = 0;
    int orders = argc > 2 ? atoi(argv[2]) : 20000;
    json_pool_start();
    json_t *data = argc > 1 ? json_load_file(argv[1], 0, NULL) : NULL;
    if (!data || !dirs[0] || !config || secret_start(&err) != 0)
        return fail("mapping ORDER.json [ORDERS], with KOPPEL_CONFIG and KOPPEL_PLUGINS");
    struct plugins *plugins = plugins_new(dirs, &host_table, &err);
    struct conf *conf = plugins ? conf_load(config, NULL, plugins, &report) : NULL;
    if (!conf) {
        conf_report_print(&report, true);
        return fail("the configuration does not load");
    }
    const struct conf_flow *flow = &conf->flows[0];
    json_t *core = json_object_get(data, "core");
    json_object_set(core, "settings", flow->settings);
    measure("get", &flow->get, json_object_get(data, "source"), orders, &us, &count);
    measure("send", &flow->send, core, orders, &us, &count);
    printf("mapping.order %.1f us (goal 15), %.0f allocations (goal 60)\n", us, count);
    json_t *both =
        json_pack("{s:o,s:o}", "core", mapped(&flow->get, json_object_get(data, "source")),
                  "document", mapped(&flow->send, core));
    json_dumpf(both, stdout, JSON_COMPACT);
    printf("\n");
    json_decref(both);
    conf_free(conf);
    plugins_free(plugins);
    json_decref(data);
    return 0;
}
