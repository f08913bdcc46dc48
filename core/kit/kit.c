/* SPDX-License-Identifier: MIT
 * From a file to the list of what came of each check. */
#include "kit/kit.h"

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json_read.h"
#include "config/conf_kit.h"
#include "config/conf_load.h"
#include "kit/kit_abi.h"
#include "kit/kit_catalogue.h"
#include "kit/kit_host.h"
#include "kit/kit_hostile.h"
#include "kit/kit_hygiene.h"
#include "kit/kit_life.h"
#include "kit/kit_lookup.h"
#include "kit/kit_lost.h"
#include "kit/kit_memory.h"
#include "kit/kit_records.h"
#include "kit/kit_settings.h"
#include "kit/kit_tape.h"
#include "kit/kit_value.h"
#include "kit/kit_writing.h"

static const struct kit_check *const groups[] = {
    kit_abi_checks,     kit_catalogue_checks, kit_life_checks,   kit_records_checks,
    kit_lookup_checks,  kit_writing_checks,   kit_lost_checks,   kit_hostile_checks,
    kit_memory_checks,  kit_value_checks,     kit_hygiene_checks};

#define ASKING 4 /* times longer */

/* The first check of all: without it there is nothing to check. */
static const struct kit_check opens = {
    "A1", KIT_BOTH, "the program opens it",
    "Nothing else can be tested before; koppel-plugin(7) says what the loader demands.", NULL};

/* Everything of one run of the kit. */
struct work {
    const struct kit_options *options;
    struct kit_run run;
    struct kit_elf elf;
    char jobs[KIT_TAPE_JOBS_BYTES];
    char dir[PATH_MAX], name[PLUGINS_NAME_BYTES + 8], folder[PATH_MAX];
    struct conf *conf;
    struct conf_connection *made, *least;
    struct plugins *plugins;
    struct kit_counts *counts;
    void (*tell)(void *arg, const struct kit_row *row);
    void *arg;
};

int kit_count(unsigned kind)
{
    int n = 1; /* A1 */
    for (size_t g = 0; g < sizeof groups / sizeof groups[0]; g++) {
        for (const struct kit_check *c = groups[g]; c->id; c++)
            n += (c->kind & kind) != 0;
    }
    return n;
}

/* ---- files beside the plugin ---- */

static char *read_text(const char *path)
{
    const char *why = NULL;
    size_t bytes = 0;
    return conf_source_disk(path, &bytes, &why);
}

static void find_manual(struct work *w)
{
    const char *noted = w->run.notes->manual;
    char path[2 * PATH_MAX];
    for (int i = noted ? -1 : 0; i < (noted ? 0 : 2) && !w->run.manual; i++) {
        if (noted)
            snprintf(path, sizeof path, "%s", noted);
        else if (i == 0)
            snprintf(path, sizeof path, "%s/%s.7", w->dir, w->name);
        else
            snprintf(path, sizeof path, "%s/koppel-%s.7", w->dir, w->name);
        w->run.manual = read_text(path);
        if (w->run.manual)
            w->run.manual_path = strdup(path);
    }
}

static int find_previous(struct work *w, struct koppel_error *err)
{
    struct json_read_error why;
    if (!w->options->previous)
        return 0;
    char *text = read_text(w->options->previous);
    if (!text)
        return err_set(err, KOPPEL_E_CONFIG, "%s cannot be read", w->options->previous);
    w->run.previous = json_read_text(text, &why);
    free(text);
    if (!w->run.previous)
        return json_read_fail(&why, KOPPEL_E_CONFIG, w->options->previous, err);
    return 0;
}

static int names_of(struct work *w, struct koppel_error *err)
{
    char *whole = realpath(w->options->file, NULL);
    if (!whole)
        return err_set(err, KOPPEL_E_CONFIG, "%s: %s", w->options->file, strerror(errno));
    w->run.path = whole;
    snprintf(w->dir, sizeof w->dir, "%s", whole);
    char *slash = strrchr(w->dir, '/');
    size_t n = strlen(slash + 1);
    if (n < 4 || strcmp(slash + 1 + n - 3, ".so") != 0 || n - 3 >= PLUGINS_NAME_BYTES)
        return err_set(err, KOPPEL_E_CONFIG, "%s is no NAME.so", whole);
    snprintf(w->name, sizeof w->name, "%.*s", (int)(n - 3), slash + 1);
    *slash = '\0';
    return kit_elf_read(whole, &w->elf, err);
}

/* ---- the checks ---- */

static void tell(struct work *w, const struct kit_check *c, enum kit_verdict verdict,
                 const char *text)
{
    struct kit_row row = {c->id, c->title, c->remedy, verdict, text};
    int *counts[] = {&w->counts->passed, &w->counts->failed, &w->counts->not_needed,
                     &w->counts->left_out};
    ++*counts[verdict];
    w->tell(w->arg, &row);
}

static bool wanted(const struct work *w, const struct kit_check *c)
{
    const char *only = w->options->only;
    if (!only || strcmp(only, c->id) == 0)
        return true;
    return strlen(only) == 1 && only[0] == c->id[0];
}

static const char *left_out(const struct work *w, const struct kit_check *c)
{
    const struct conf_kit *notes = w->run.notes;
    for (int i = 0; i < notes->skip_count; i++) {
        if (strcmp(notes->skips[i].name, c->id) == 0)
            return notes->skips[i].text;
    }
    return NULL;
}

struct job {
    const struct kit_check *check;
    const struct kit_run *run;
};

static enum kit_child_outcome run_check(void *arg)
{
    struct job *j = arg;
    json_set_alloc_funcs(malloc, free); /* what is kept for the next record would count as lost */
    return j->check->run(j->run);
}

static int run_one(struct work *w, const struct kit_check *c, struct koppel_error *err)
{
    struct job job = {c, &w->run};
    struct kit_child_result result;
    /* Whoever asks a system waits for it. */
    int times = c->kind & KIT_LIVE || w->run.live ? ASKING : 1;
    struct kit_child_limits limits = {
        .end = w->options->end, .folder = w->folder,
        .times = times * (w->options->patience > 0 ? w->options->patience : 1)};
    const char *why = left_out(w, c);
    if (why) {
        tell(w, c, KIT_LEFT_OUT, why);
        return 0;
    }
    if (c->kind & KIT_LIVE && !w->run.live) {
        tell(w, c, KIT_NOT_NEEDED, "nobody to ask: --config names a connection");
        return 0;
    }
    if (kit_child_run(run_check, &job, &limits, &result, err) < 0)
        return -1;
    tell(w, c, result.outcome == KIT_PASS   ? KIT_PASSED
               : result.outcome == KIT_FAIL ? KIT_FAILED
                                            : KIT_NOT_NEEDED,
         result.text);
    return 0;
}

static int run_all(struct work *w, struct koppel_error *err)
{
    unsigned kind = w->run.plugin->entry.kind == KOPPEL_KIND_CONNECTOR ? KIT_CONNECTOR
                                                                      : KIT_TRANSFORM;
    bool any = false;
    for (size_t g = 0; g < sizeof groups / sizeof groups[0]; g++) {
        for (const struct kit_check *c = groups[g]; c->id; c++) {
            if (!(c->kind & kind) || !wanted(w, c))
                continue;
            any = true;
            if (run_one(w, c, err) < 0)
                return -1;
        }
    }
    if (any || wanted(w, &opens))
        return 0;
    return err_set(err, KOPPEL_E_CONFIG, "there is no check %s for this kind of plugin",
                   w->options->only);
}

/* ---- what a run needs ---- */

/* In a child: what opening it may do to a process is not known yet. */
static enum kit_child_outcome open_it(void *arg)
{
    struct work *w = arg;
    struct koppel_error err = {0};
    kit_child_doing("opening it");
    return plugins_load(w->plugins, w->run.path, &err) ? KIT_PASS : kit_child_fail("%s", err.text);
}

static int settings_of(struct work *w, struct koppel_error *err)
{
    if (w->run.plugin->entry.kind != KOPPEL_KIND_CONNECTOR)
        return 0;
    const struct conf_connection *given = w->conf->connection_count > 0 ? w->conf->connections
                                                                        : NULL;
    if (w->run.plugin->connector.check && !given)
        return err_set(err, KOPPEL_E_CONFIG, "%s is told by a description which system it talks "
                       "to: name a connection of one by --config", w->name);
    if (given)
        w->run.catalogue = given->catalogue;
    w->made = kit_settings_make(w->run.plugin, w->run.catalogue, w->run.notes, false);
    w->least = kit_settings_make(w->run.plugin, w->run.catalogue, w->run.notes, true);
    if (!w->made || !w->least)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    w->run.conf = w->conf->connection_count > 0 ? &w->conf->connections[0] : w->made;
    w->run.made = w->made;
    w->run.least = w->least;
    w->run.whole = w->conf->connection_count > 0 ? w->conf : NULL;
    w->run.live = w->run.whole || w->run.replay;
    if (w->run.whole && w->run.conf->plugin != w->run.plugin)
        return err_set(err, KOPPEL_E_CONFIG, "%s is a connection of %s, not of %s",
                       w->options->config, w->run.conf->plugin->entry.name, w->name);
    return 0;
}

static int prepare(struct work *w, struct conf_report *report, struct koppel_error *err)
{
    char notes[PATH_MAX + PLUGINS_NAME_BYTES + 32];
    w->run.plugin = plugins_load(w->plugins, w->run.path, err);
    if (!w->run.plugin)
        return -1;
    snprintf(notes, sizeof notes, "%s/%s.test.conf", w->dir, w->name);
    w->conf = conf_load_kit(w->options->config, notes, w->plugins, report);
    if (!w->conf)
        return err_set(err, KOPPEL_E_CONFIG, "its files have mistakes");
    w->run.notes = w->conf->kit;
    w->run.catalogue = w->run.plugin->catalogue;
    w->run.plugins = w->plugins;
    w->run.elf = &w->elf;
    w->run.record = w->options->record;
    w->run.replay = w->options->replay;
    if (w->run.record && mkdir(w->run.record, 0700) != 0 && errno != EEXIST)
        return err_set(err, KOPPEL_E_CONFIG, "%s: %s", w->run.record, strerror(errno));
    kit_tape_jobs(w->run.replay, w->jobs);
    w->run.jobs = w->jobs;
    find_manual(w);
    return find_previous(w, err) < 0 ? -1 : settings_of(w, err);
}

static int drop_entry(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st;
    (void)kind;
    (void)ftw;
    return remove(path);
}

static void done(struct work *w)
{
    if (w->folder[0])
        (void)nftw(w->folder, drop_entry, 16, FTW_DEPTH | FTW_PHYS);
    kit_settings_free(w->made);
    kit_settings_free(w->least);
    json_decref(w->run.previous);
    free(w->run.manual);
    free(w->run.manual_path);
    free((char *)w->run.path);
    conf_free(w->conf);
    plugins_free(w->plugins);
    kit_elf_done(&w->elf);
}

static int work(struct work *w, struct conf_report *report, struct koppel_error *err)
{
    const char *dirs[] = {w->dir, w->options->plugins, NULL};
    struct kit_child_limits limits = {.end = w->options->end};
    struct kit_child_result result;
    if (names_of(w, err) < 0)
        return -1;
    const char *top = getenv("TMPDIR");
    int n = snprintf(w->folder, sizeof w->folder, "%s/koppel-kit-XXXXXX",
                     top && *top == '/' ? top : "/tmp");
    if (n >= (int)sizeof w->folder || !mkdtemp(w->folder)) {
        w->folder[0] = '\0';
        return err_set(err, KOPPEL_E_RETRY, "no folder to work in: %s", strerror(errno));
    }
    w->plugins = plugins_new(dirs, kit_host_table(false), err);
    if (!w->plugins || kit_child_run(open_it, w, &limits, &result, err) < 0)
        return -1;
    if (result.outcome != KIT_PASS) {
        tell(w, &opens, KIT_FAILED, result.text);
        return 0;
    }
    if (wanted(w, &opens))
        tell(w, &opens, KIT_PASSED, "");
    return prepare(w, report, err) < 0 ? -1 : run_all(w, err);
}

int kit_run(const struct kit_options *options,
            void (*tell_row)(void *arg, const struct kit_row *row), void *arg,
            struct kit_counts *counts, struct conf_report *report, struct koppel_error *err)
{
    struct work *w = calloc(1, sizeof *w);
    if (!w)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    *counts = (struct kit_counts){0};
    w->options = options;
    w->tell = tell_row;
    w->arg = arg;
    w->counts = counts;
    int rc = work(w, report, err);
    done(w);
    free(w);
    return rc;
}
