/* SPDX-License-Identifier: MIT
 * koppel: the argument tables and the exit codes; nothing else. */
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/secret.h"
#include "commands/command_activity.h"
#include "commands/command_check.h"
#include "commands/command_choices.h"
#include "commands/command_connect.h"
#include "commands/command_init.h"
#include "commands/command_jobs.h"
#include "commands/command_pause.h"
#include "commands/command_plugins.h"
#include "commands/command_preview.h"
#include "commands/command_resume.h"
#include "commands/command_retry.h"
#include "commands/command_serve.h"
#include "commands/command_status.h"
#include "commands/command_sync.h"
#include "http/http.h"

#ifndef KOPPEL_VERSION
#define KOPPEL_VERSION "0"
#endif
#ifndef KOPPEL_CONFDIR
#define KOPPEL_CONFDIR "/etc/koppel"
#endif

/* Letters of the options that stand in the table below. */
static const struct command commands[] = {
    {"init", "[DIR]", "make a configuration directory with its sealing key", "", 0, 1,
     command_init},
    {"connect", "NAME", "log a connection in (OAuth 2.0); prints the address to open", "pw", 1, 1,
     command_connect},
    {"check", "", "load everything as the engine would and report every mistake", "n", 0, 0,
     command_check},
    {"choices", "CONNECTION [LIST]",
     "what a system has in one of its lists, for settings and tables", "j", 1, 2, command_choices},
    {"sync", "FLOW...", "run flows once, to the end", "owj", 1, -1, command_sync},
    {"serve", "", "run every enabled flow at its interval", "", 0, 0, command_serve},
    {"preview", "FLOW", "show source, core and destination of some records; writes nothing", "lj",
     1, 1, command_preview},
    {"status", "", "counts of every flow, and what is paused", "j", 0, 0, command_status},
    {"jobs", "", "list jobs, newest first", "sflj", 0, 0, command_jobs},
    {"retry", "[JOB...]", "try parked or waiting jobs again", "af", 0, -1, command_retry},
    {"activity", "JOB", "what happened to a job, step by step", "j", 1, 1, command_activity},
    {"pause", "FLOW", "let the record at hand finish and start nothing new", "", 1, 1,
     command_pause},
    {"resume", "FLOW", "go on with a paused flow", "", 1, 1, command_resume},
    {"plugins", "[show NAME]", "list the plugins, or show what one can do", "j", 0, 2,
     command_plugins},
};
#define COMMANDS ((int)(sizeof commands / sizeof commands[0]))

/* `general` ones go with every command. */
static const struct {
    char letter;
    bool general;
    const char *name, *value, *help;
} options[] = {
    {'c', true, "config", "DIR",
     "configuration directory (default $KOPPEL_CONFIG or " KOPPEL_CONFDIR ")"},
    {'v', true, "verbose", NULL, "more log lines"},
    {'h', true, "help", NULL, "this text; with a command, the command's"},
    {'V', true, "version", NULL, "the program's version"},
    {'o', false, "once", NULL, "accepted for clarity; sync always runs once"},
    {'w', false, "wait", "S", "how many seconds to wait for what comes later"},
    {'p', false, "port", "N", "port of the redirect address on 127.0.0.1 (any free one)"},
    {'n', false, "online", NULL, "also ask the systems: logins, values, published descriptions"},
    {'s', false, "state", "STATE", "only done, skipped, parked, waiting or sending jobs"},
    {'f', false, "flow", "FLOW", "only this flow's jobs"},
    {'l', false, "limit", "N", "how many rows"},
    {'a', false, "all", NULL, "every parked or waiting job"},
    {'j', false, "json", NULL, "one JSON value per line"},
};
#define OPTIONS ((int)(sizeof options / sizeof options[0]))

static void help_options(FILE *to, bool general, const char *letters)
{
    for (int i = 0; i < OPTIONS; i++) {
        char text[64];
        if (options[i].general != general || (letters && !strchr(letters, options[i].letter)))
            continue;
        snprintf(text, sizeof text, "--%s%s%s", options[i].name, options[i].value ? " " : "",
                 options[i].value ? options[i].value : "");
        if (general)
            fprintf(to, "  -%c, %-15s %s\n", options[i].letter, text, options[i].help);
        else
            fprintf(to, "      %-15s %s\n", text, options[i].help);
    }
}

static void help(FILE *to)
{
    fprintf(to, "usage: koppel [-c DIR] [-v] COMMAND [OPTION...] [ARGUMENT...]\n\n");
    for (int i = 0; i < COMMANDS; i++)
        fprintf(to, "  %-8s %-18s %s\n", commands[i].name, commands[i].arguments,
                commands[i].summary);
    fprintf(to, "\n");
    help_options(to, true, NULL);
    fprintf(to, "\nkoppel COMMAND --help tells the options of a command.\n"
                "exit codes: 0 ok, 1 some records parked or waiting, 2 failed, 64 usage, 78 "
                "configuration\n");
}

static void help_command(FILE *to, const struct command *c)
{
    fprintf(to, "usage: koppel [-c DIR] [-v] %s%s%s%s\n%s\n", c->name,
            *c->options ? " [OPTION...]" : "", *c->arguments ? " " : "", c->arguments, c->summary);
    if (*c->options)
        fprintf(to, "\n");
    help_options(to, false, c->options);
}

static int number(const char *text, int max)
{
    char *end;
    long n = strtol(text, &end, 10);
    return *text && !*end && n >= 0 && n <= max ? (int)n : -1;
}

/* What was asked for before the command is known. */
struct request {
    struct command_line line;
    bool help;
    char given[OPTIONS + 1]; /* letters, each once */
};

static int take_option(struct request *r, int c)
{
    struct command_line *line = &r->line;
    int *value = NULL;
    switch (c) {
    case 'c': line->dir = optarg; break;
    case 'j': line->json = true; break;
    case 'v': line->verbose = true; break;
    case 'o': line->once = true; break;
    case 'a': line->all = true; break;
    case 'n': line->online = true; break;
    case 's': line->state = optarg; break;
    case 'f': line->flow = optarg; break;
    case 'l': value = &line->limit; break;
    case 'p': value = &line->port; break;
    case 'w': value = &line->wait_s; break;
    case 'h': r->help = true; break;
    case 'V': puts("koppel " KOPPEL_VERSION); return EXIT_OK + 1;
    default:
        fprintf(stderr, "try: koppel --help\n");
        return EXIT_USAGE + 1;
    }
    if (value && (*value = number(optarg, c == 'p' ? 65535 : 1000000)) < 0) {
        fprintf(stderr, "koppel: \"%s\" is not a number in range\n", optarg);
        return EXIT_USAGE + 1;
    }
    if (!strchr(r->given, c))
        r->given[strlen(r->given)] = (char)c;
    return 0;
}

/* 0, or the exit code to end with plus one. */
static int read_options(int argc, char **argv, struct request *r)
{
    struct option known[OPTIONS + 1] = {0};
    int c, rc = 0;
    for (int i = 0; i < OPTIONS; i++)
        known[i] =
            (struct option){options[i].name, options[i].value ? required_argument : no_argument,
                            NULL, options[i].letter};
    while (rc == 0 && (c = getopt_long(argc, argv, "c:vhV", known, NULL)) != -1)
        rc = take_option(r, c);
    return rc;
}

static const struct command *find_command(const char *name)
{
    const char *names[COMMANDS];
    for (int i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
        names[i] = commands[i].name;
    }
    const char *nearest = nearest_name(name, names, COMMANDS);
    fprintf(stderr, "koppel: no command \"%s\"%s%s%s; try: koppel --help\n", name,
            nearest ? ", perhaps \"" : "", nearest ? nearest : "", nearest ? "\"" : "");
    return NULL;
}

/* An option that a command would ignore is a misunderstanding; better told than lost. */
static bool fits(const struct command *command, const struct request *r)
{
    for (int i = 0; i < OPTIONS; i++) {
        if (!options[i].general && strchr(r->given, options[i].letter) &&
            !strchr(command->options, options[i].letter)) {
            fprintf(stderr, "koppel: %s takes no --%s; try: koppel %s --help\n", command->name,
                    options[i].name, command->name);
            return false;
        }
    }
    int count = r->line.count;
    if (count >= command->min_words && (command->max_words < 0 || count <= command->max_words))
        return true;
    help_command(stderr, command);
    return false;
}

int main(int argc, char **argv)
{
    struct request r = {.line = {.dir = getenv("KOPPEL_CONFIG"), .wait_s = -1}};
    struct koppel_error err = {0};
    int rc = read_options(argc, argv, &r);
    if (rc != 0)
        return rc - 1;
    if (!r.line.dir || !*r.line.dir)
        r.line.dir = KOPPEL_CONFDIR;
    if (optind == argc) {
        help(r.help ? stdout : stderr);
        return r.help ? EXIT_OK : EXIT_USAGE;
    }
    const struct command *command = find_command(argv[optind]);
    if (!command)
        return EXIT_USAGE;
    if (r.help) {
        help_command(stdout, command);
        return EXIT_OK;
    }
    r.line.words = argv + optind + 1;
    r.line.count = argc - optind - 1;
    if (!fits(command, &r))
        return EXIT_USAGE;
    log_set_level(r.line.verbose ? LOG_DEBUG : LOG_INFO);
    json_object_seed(0);
    if (secret_start(&err) != 0 || http_start(&err) != 0)
        return command_failed(&err);
    rc = command->run(&r.line);
    http_stop();
    return rc;
}
