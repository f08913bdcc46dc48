/* SPDX-License-Identifier: MIT
 * Completion of the command line. The scripts only hand the words over and show what comes back. */
#include "commands/completion.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/visible.h"
#include "commands/table.h"
#include "config/conf_described.h"
#include "config/conf_load.h"
#include "engine/revision.h"
#include "flow/remedy.h"
#include "plugin/plugins_names.h"
#include "service/opened.h"
#include "service/service_client.h"

#define JOBS_SHOWN 50

static const char bash_script[] =
    "_koppel() {\n"
    "    local line\n"
    "    COMPREPLY=()\n"
    "    while IFS=$'\\t' read -r line _; do\n"
    "        if [ \"$line\" = :dir ]; then\n"
    "            compopt -o filenames\n"
    "            COMPREPLY+=($(compgen -d -- \"${COMP_WORDS[COMP_CWORD]}\"))\n"
    "        elif [ \"$line\" = :file ]; then\n"
    "            compopt -o filenames\n"
    "            COMPREPLY+=($(compgen -f -- \"${COMP_WORDS[COMP_CWORD]}\"))\n"
    "        else\n"
    "            COMPREPLY+=(\"$line\")\n"
    "        fi\n"
    "    done < <(\"${COMP_WORDS[0]}\" completion -- \"${COMP_WORDS[@]:1:COMP_CWORD}\" \\\n"
    "        2>/dev/null)\n"
    "}\n"
    "complete -o nosort -F _koppel koppel\n";

static const char zsh_script[] =
    "#compdef koppel\n"
    "_koppel() {\n"
    "    local -a found\n"
    "    local line\n"
    "    for line in \"${(@f)$(\"${words[1]}\" completion -- \"${(@)words[2,CURRENT]}\" \\\n"
    "            2>/dev/null)}\"; do\n"
    "        if [[ $line == :dir ]]; then\n"
    "            _files -/\n"
    "        elif [[ $line == :file ]]; then\n"
    "            _files\n"
    "        elif [[ -n $line ]]; then\n"
    "            found+=(\"${line//$'\\t'/:}\")\n"
    "        fi\n"
    "    done\n"
    "    (( $#found )) && _describe koppel found\n"
    "}\n"
    "compdef _koppel koppel\n";

static const char fish_script[] =
    "function __koppel_complete\n"
    "    set -l words (commandline -opc)\n"
    "    for line in ($words[1] completion -- $words[2..] (commandline -ct) 2>/dev/null)\n"
    "        if test \"$line\" = :dir\n"
    "            __fish_complete_directories (commandline -ct)\n"
    "        else if test \"$line\" = :file\n"
    "            __fish_complete_path (commandline -ct)\n"
    "        else\n"
    "            echo $line\n"
    "        end\n"
    "    end\n"
    "end\n"
    "complete -c koppel -f -a '(__koppel_complete)'\n";

static const struct {
    const char *shell, *script;
} scripts[] = {{"bash", bash_script}, {"zsh", zsh_script}, {"fish", fish_script}};

/* ---- what could stand there ---- */

/* The place that is to be completed, and what was typed before it. */
struct place {
    const struct command_line *line;
    const char *dir;               /* the configuration */
    const struct command *command; /* NULL: none was typed */
    const char *typed;             /* of the word itself; may be "" */
    const char *before;            /* the argument before it, for lists of a connection; NULL */
};

static void offer(const struct place *p, const char *word, const char *what)
{
    if (!word || strncmp(word, p->typed, strlen(p->typed)) != 0)
        return;
    if (what && *what)
        visible_print(stdout, "%s\t%s\n", word, what);
    else
        visible_print(stdout, "%s\n", word);
}

static void offer_flows(const struct place *p)
{
    struct conf_report ignored = {0};
    struct conf *names = opened_names(p->dir, &ignored);
    for (int i = 0; names && i < names->flow_count; i++)
        offer(p, names->flows[i].name, "flow");
    conf_free(names);
    conf_report_done(&ignored);
}

/* The configuration as a whole, for what only that tells; NULL: it has mistakes. */
static struct conf *load(const struct place *p, struct plugins **plugins)
{
    struct koppel_error ignored = {0};
    struct conf_report report = {0};
    *plugins = command_plugins_new(&ignored);
    struct conf *conf = *plugins ? conf_load(p->dir, NULL, *plugins, &report) : NULL;
    conf_report_done(&report);
    return conf;
}

static void offer_connections(const struct place *p)
{
    struct plugins *plugins;
    struct conf *conf = load(p, &plugins);
    for (int i = 0; conf && i < conf->connection_count; i++)
        offer(p, conf->connections[i].name, conf->connections[i].plugin->entry.name);
    conf_free(conf);
    plugins_free(plugins);
}

static void offer_lists(const struct place *p)
{
    struct plugins *plugins;
    struct conf *conf = load(p, &plugins);
    const struct conf_connection *c = conf && p->before ? conf_connection(conf, p->before) : NULL;
    for (int i = 0; c && i < c->catalogue->choice_count; i++)
        offer(p, c->catalogue->choices[i], "list");
    conf_free(conf);
    plugins_free(plugins);
}

static void offer_cases(const struct place *p)
{
    struct plugins *plugins;
    struct conf *conf = load(p, &plugins);
    const struct conf_flow *f = conf && p->before ? conf_flow(conf, p->before) : NULL;
    for (int i = 0; f && i < f->case_count; i++)
        offer(p, f->cases[i].name, "case");
    conf_free(conf);
    plugins_free(plugins);
}

static void offer_plugins(const struct place *p)
{
    struct koppel_error ignored = {0};
    struct plugins *plugins = command_plugins_new(&ignored);
    int count = 0;
    char **names = plugins ? plugins_names(plugins, &count) : NULL;
    for (int i = 0; i < count; i++)
        offer(p, names[i], "plugin");
    plugins_names_free(names, count);
    names = conf_described_names(p->dir, &count);
    for (int i = 0; i < count; i++)
        offer(p, names[i], "described connector");
    plugins_names_free(names, count);
    plugins_free(plugins);
}

static void offer_reasons(const struct place *p)
{
    const char *names[REMEDY_REASONS];
    int count = remedy_reasons(names, REMEDY_REASONS);
    for (int i = 0; i < count; i++)
        offer(p, names[i], remedy_for(names[i]));
}

static void offer_tables(const struct place *p)
{
    struct plugins *plugins;
    struct conf *conf = load(p, &plugins);
    for (int i = 0; conf && i < conf->flow_count; i++) {
        const struct conf_flow *f = &conf->flows[i];
        char name[256];
        for (int t = 0; t < f->table_count; t++) {
            snprintf(name, sizeof name, "%s/%s", f->name, f->tables[t]->name);
            offer(p, name, "table");
        }
    }
    conf_free(conf);
    plugins_free(plugins);
}

/* Gives what the store alone tells. */
static void look(const struct place *p,
                 void (*tell)(const struct place *p, struct service *s, struct koppel_error *err))
{
    struct conf_report report = {0};
    struct koppel_error ignored = {0};
    struct opened o;
    if (opened_open(&o, p->dir, SERVICE_STORE, NULL, &report, &ignored) == 0)
        tell(p, &o.service, &ignored);
    opened_close(&o);
    conf_report_done(&report);
}

static int offer_cause(void *arg, const struct store_cause *c)
{
    char id[JOB_CAUSE_BYTES], words[256];
    job_cause_format(c->id, id);
    snprintf(words, sizeof words, "%s of %s", c->reason, c->flow);
    offer(arg, id, words);
    return 0;
}

static void offer_causes(const struct place *p, struct service *s, struct koppel_error *err)
{
    (void)s->store->ops->causes(s->store, NULL, 0, offer_cause, (void *)p, err);
}

static int offer_revision(void *arg, json_t *revision)
{
    char number[32], words[256];
    const char *why = json_string_value(json_object_get(revision, "why"));
    snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT,
             json_integer_value(json_object_get(revision, "revision")));
    snprintf(words, sizeof words, "%s%s%s", json_string_value(json_object_get(revision, "how")),
             why ? ": " : "", why ? why : "");
    offer(arg, number, words);
    return 0;
}

static void offer_revisions(const struct place *p, struct service *s, struct koppel_error *err)
{
    struct revision_place place = {s->store, s->conf->key, s->dir};
    (void)revision_each(&place, 0, JOBS_SHOWN, offer_revision, (void *)p, err);
}

static int offer_job(void *arg, const struct store_job_row *row)
{
    char id[JOB_ID_BYTES];
    job_id_format((struct job_id){row->flow, row->part, row->off}, id);
    offer(arg, id, row->key);
    return 0;
}

/* Those that a person is most likely to mean: the newest that are parked. */
static void offer_jobs(const struct place *p, struct service *s, struct koppel_error *err)
{
    struct store_job_filter filter = {.state = JOB_PARKED};
    struct store_page page = {.limit = JOBS_SHOWN};
    (void)s->store->ops->jobs(s->store, &filter, &page, offer_job, (void *)p, err);
}

/* "list|test": one of a few words; "show": that one */
static void offer_words(const struct place *p, const char *words)
{
    while (*words) {
        size_t n = strcspn(words, "|");
        char word[64];
        snprintf(word, sizeof word, "%.*s", (int)n, words);
        if (strcspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == strlen(word))
            offer(p, word, NULL);
        words += n + (words[n] == '|');
    }
}

static void offer_values(const struct place *p, enum command_value kind, const char *name,
                         const char *const *choices)
{
    switch (kind) {
    case VALUE_CHOICE:
        for (; choices && *choices; choices++)
            offer(p, *choices, NULL);
        return;
    case VALUE_WORD:
        offer_words(p, name);
        return;
    case VALUE_DIR:
        puts(":dir");
        return;
    case VALUE_FILE:
        puts(":file");
        return;
    case VALUE_FLOW:
        offer_flows(p);
        return;
    case VALUE_CONNECTION:
        offer_connections(p);
        return;
    case VALUE_LIST:
        offer_lists(p);
        return;
    case VALUE_CASE:
        offer_cases(p);
        return;
    case VALUE_JOB:
        look(p, offer_jobs);
        return;
    case VALUE_PLUGIN:
        offer_plugins(p);
        return;
    case VALUE_REASON:
        offer_reasons(p);
        return;
    case VALUE_CAUSE:
        look(p, offer_causes);
        return;
    case VALUE_TABLE:
        offer_tables(p);
        return;
    case VALUE_REVISION:
        look(p, offer_revisions);
        return;
    case VALUE_NONE:
    case VALUE_TEXT:
    case VALUE_PATH:
    case VALUE_NUMBER:
    case VALUE_COUNT:
        return;
    }
}

static void offer_options(const struct place *p)
{
    for (int i = 0; i < OPTION_COUNT; i++) {
        char word[64];
        snprintf(word, sizeof word, "--%s", table_options[i].name);
        if (table_takes(p->command, i))
            offer(p, word, table_options[i].help);
    }
}

/* ---- reading what was typed ---- */

/* The option of a word that begins with '-' and takes a value in the next one; -1: none. */
static int option_of(const char *word)
{
    for (int i = 0; i < OPTION_COUNT; i++) {
        const struct command_option *o = &table_options[i];
        if (o->kind == VALUE_NONE)
            continue;
        if ((word[0] == '-' && word[1] == o->letter && o->letter && !word[2]) ||
            (strncmp(word, "--", 2) == 0 && strcmp(word + 2, o->name) == 0))
            return i;
    }
    return -1;
}

static const struct command_argument *argument_at(const struct command *c, int index)
{
    const struct command_argument *a = c->arguments;
    for (int i = 0; a->name; a++, i++) {
        if (i == index || a->many)
            return a;
    }
    return NULL;
}

static void complete(const struct command_line *line)
{
    struct place p = {.line = line, .dir = line->dir, .typed = line->words[line->count - 1]};
    int option = -1, arguments = 0;
    for (int i = 0; i < line->count - 1; i++) {
        const char *word = line->words[i];
        if (option >= 0) {
            if (option == OPTION_CONFIG)
                p.dir = word;
            option = -1;
        } else if (word[0] == '-') {
            option = option_of(word);
        } else if (!p.command) {
            p.command = table_command(word);
            if (!p.command)
                return; /* a wrong word: nothing that follows is known */
        } else {
            arguments++;
            p.before = word;
        }
    }
    if (option >= 0) {
        const struct command_option *o = &table_options[option];
        offer_values(&p, o->kind, o->value, o->choices);
    } else if (p.typed[0] == '-') {
        offer_options(&p);
    } else if (!p.command) {
        for (const struct command *c = table_commands; c->name; c++)
            offer(&p, c->name, c->summary);
    } else {
        const struct command_argument *a = argument_at(p.command, arguments);
        if (a)
            offer_values(&p, a->kind, a->name, NULL);
    }
}

int completion_run(const struct command_line *line)
{
    if (line->count == 0)
        return COMMAND_MISUSED;
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts && line->count == 1; i++) {
        if (strcmp(line->words[0], scripts[i].shell) == 0) {
            fputs(scripts[i].script, stdout);
            return EXIT_OK;
        }
    }
    complete(line);
    return EXIT_OK;
}
