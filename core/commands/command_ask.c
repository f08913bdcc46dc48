/* SPDX-License-Identifier: MIT
 * How a command asks. */
#include "commands/command_ask.h"

#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/visible.h"
#include "commands/signals.h"
#include "service/service_client.h"
#include "service/opened.h"

struct asking {
    const struct command_line *line;
    const struct service_row *row;
    const json_t *in;
    int (*tell)(void *arg, const json_t *progress);
    void *arg;
    bool quiet; /* mistakes of the configuration are not printed */
};

static int ask_here(const struct asking *a, json_t **out, struct koppel_error *err)
{
    struct opened o;
    struct conf_report report = {0};
    char name[64];
    bool whole = a->row->need >= SERVICE_CONF;
    bool loads = a->row->need >= SERVICE_EDIT;
    struct plugins *plugins = loads ? command_plugins_new(err) : NULL;
    const struct passwd *user = getpwuid(geteuid());
    snprintf(name, sizeof name, "%s", user ? user->pw_name : "somebody");
    struct service_who who = {name, SERVICE_ADMIN, "cli", NULL, false};
    struct service_ask ask = {&who, a->in, a->tell, a->arg, NULL};
    if (loads && !plugins)
        return -1;
    int rc = opened_open(&o, a->line->dir, a->row->need, plugins, &report, err);
    if (!a->quiet && (rc != 0 || whole))
        conf_report_print(&report, false);
    conf_report_done(&report);
    /* an engine that delivers is stopped in order */
    if (rc == 0 && a->row->need == SERVICE_ENGINE)
        rc = signals_catch(&o.engine, NULL, NULL, err);
    if (rc == 0)
        rc = service_call(a->row, &o.service, &ask, out, err);
    signals_release();
    opened_close(&o);
    return rc;
}

/* Where the store of the engine would be; the configuration may have any mistake. */
static void find_store(const char *dir, char out[PATH_MAX])
{
    struct conf_report ignored = {0};
    struct conf *names = opened_names(dir, &ignored);
    if (names)
        snprintf(out, PATH_MAX, "%s", names->store_path);
    else
        snprintf(out, PATH_MAX, "%s/koppel.db", dir);
    conf_free(names);
    conf_report_done(&ignored);
}

const struct zone *command_ask_zone(const struct command_line *line)
{
    static const struct zone *zone;
    static bool known; /* one program, one configuration */
    struct conf_report ignored = {0};
    struct conf *names = known ? NULL : opened_names(line->dir, &ignored);
    if (names)
        zone = zone_find(names->home.zone);
    known = true;
    conf_free(names);
    conf_report_done(&ignored);
    return zone;
}

static int exit_code(const struct koppel_error *err)
{
    if (strncmp(err->reason, "ask.", 4) == 0) {
        visible_print(stderr, "koppel: %s\n", err->text);
        return EXIT_USAGE;
    }
    if (strcmp(err->reason, "config.rejected") == 0 && err->kind == KOPPEL_E_CONFIG)
        return EXIT_CONFIG; /* its mistakes were told */
    return command_failed(err);
}

static int ask(const struct asking *a, json_t **out, struct koppel_error *err)
{
    char store[PATH_MAX];
    bool nobody = a->row->need == SERVICE_NAMES;
    int rc = 0;
    *out = NULL;
    if (!a->in)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    if (!nobody) {
        find_store(a->line->dir, store);
        rc = service_client_ask(store, a->row->name, a->in, a->tell, a->arg, out, &nobody, err);
    }
    return nobody ? ask_here(a, out, err) : rc;
}

int command_ask(const struct command_line *line, const char *name, json_t *in_take,
                int (*tell)(void *arg, const json_t *progress), void *arg, json_t **out)
{
    struct koppel_error err = {0};
    struct asking a = {line, service_find(name), in_take, tell, arg, false};
    int rc = ask(&a, out, &err);
    json_decref(in_take);
    return rc == 0 ? EXIT_OK : exit_code(&err);
}

int command_ask_quietly(const struct command_line *line, const char *name, json_t *in_take,
                        json_t **out, struct koppel_error *err)
{
    struct asking a = {line, service_find(name), in_take, NULL, NULL, true};
    int rc = ask(&a, out, err);
    json_decref(in_take);
    return rc;
}
