/* SPDX-License-Identifier: MIT
 * koppel: the argument table and the exit codes; nothing else. */
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/secret.h"
#include "commands/commands.h"
#include "http/http.h"

#ifndef KOPPEL_VERSION
#define KOPPEL_VERSION "0"
#endif
#ifndef KOPPEL_CONFDIR
#define KOPPEL_CONFDIR "/etc/koppel"
#endif

static const struct command commands[] = {
    {"init", "[DIR]", "make a configuration directory with its sealing key", 0, 1, command_init},
    {"connect", "NAME", "log a connection in (OAuth 2.0); prints the address to open", 1, 1, command_connect},
    {"check", "", "load everything as the engine would and report every mistake", 0, 0, command_check},
    {"sync", "FLOW...", "run flows once, to the end", 1, -1, command_sync},
    {"serve", "", "run every enabled flow at its interval", 0, 0, command_serve},
    {"preview", "FLOW", "show source, core and destination of some records; writes nothing", 1, 1,
     command_preview},
    {"status", "", "counts of every flow, and what is paused", 0, 0, command_status},
    {"jobs", "", "list jobs, newest first", 0, 0, command_jobs},
    {"retry", "JOB...", "try parked or waiting jobs again (--all: every one)", 0, -1, command_retry},
    {"activity", "JOB", "what happened to a job, step by step", 1, 1, command_activity},
    {"pause", "FLOW", "let the record at hand finish and start nothing new", 1, 1, command_pause},
    {"resume", "FLOW", "go on with a paused flow", 1, 1, command_resume},
    {"plugins", "[show NAME]", "list the plugins, or show what one can do", 0, 2, command_plugins},
};
#define COMMANDS ((int)(sizeof commands / sizeof commands[0]))

static const struct option options[] = {
    {"config", required_argument, NULL, 'c'}, {"json", no_argument, NULL, 'j'},
    {"verbose", no_argument, NULL, 'v'},      {"once", no_argument, NULL, 'o'},
    {"all", no_argument, NULL, 'a'},          {"online", no_argument, NULL, 'n'},
    {"state", required_argument, NULL, 's'},  {"flow", required_argument, NULL, 'f'},
    {"limit", required_argument, NULL, 'l'},  {"port", required_argument, NULL, 'p'},
    {"wait", required_argument, NULL, 'w'},   {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},      {NULL, 0, NULL, 0},
};

static void help(FILE *to)
{
    fprintf(to, "usage: koppel [-c DIR] [-v] COMMAND [OPTION...] [ARGUMENT...]\n\n");
    for (int i = 0; i < COMMANDS; i++)
        fprintf(to, "  %-8s %-12s %s\n", commands[i].name, commands[i].arguments, commands[i].summary);
    fprintf(to, "\n"
                "  -c, --config DIR   configuration directory (default $KOPPEL_CONFIG or " KOPPEL_CONFDIR ")\n"
                "  -v, --verbose      more log lines\n"
                "      --json         machine-readable output, where a command has one\n"
                "      --limit N      preview, jobs: how many rows\n"
                "      --state STATE  jobs: only done, skipped, parked, waiting or sending ones\n"
                "      --flow FLOW    jobs, retry: only this flow's\n"
                "      --all          retry: every parked or waiting job\n"
                "      --online       check: also log in to every connection\n"
                "      --once         sync: accepted for clarity; sync always runs once\n"
                "      --port N       connect: port of the redirect address on 127.0.0.1\n"
                "      --wait S       sync, connect: how many seconds to wait for what comes later\n"
                "  -h, --help   -V, --version\n\n"
                "exit codes: 0 ok, 1 some records parked or waiting, 2 failed, 64 usage, 78 configuration\n");
}

static int number(const char *text, int max)
{
    char *end;
    long n = strtol(text, &end, 10);
    return *text && !*end && n >= 0 && n <= max ? (int)n : -1;
}

/* 0, or the exit code to end with plus one. */
static int read_options(int argc, char **argv, struct command_line *line)
{
    int c;
    while ((c = getopt_long(argc, argv, "c:vhV", options, NULL)) != -1) {
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
        case 'h': help(stdout); return EXIT_OK + 1;
        case 'V': puts("koppel " KOPPEL_VERSION); return EXIT_OK + 1;
        default:
            fprintf(stderr, "try: koppel --help\n");
            return EXIT_USAGE + 1;
        }
        if (value) {
            *value = number(optarg, c == 'p' ? 65535 : 1000000);
            if (*value < 0) {
                fprintf(stderr, "koppel: \"%s\" is not a number in range\n", optarg);
                return EXIT_USAGE + 1;
            }
        }
    }
    return 0;
}

static const struct command *find_command(const char *name)
{
    const char *names[COMMANDS];
    for (int i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
        names[i] = commands[i].name;
    }
    const char *nearest = config_nearest(name, names, COMMANDS);
    fprintf(stderr, "koppel: no command \"%s\"%s%s%s; try: koppel --help\n", name,
            nearest ? ", perhaps \"" : "", nearest ? nearest : "", nearest ? "\"" : "");
    return NULL;
}

int main(int argc, char **argv)
{
    struct command_line line = {.dir = getenv("KOPPEL_CONFIG"), .wait_s = -1};
    struct koppel_error err = {0};
    int rc = read_options(argc, argv, &line);
    if (rc != 0)
        return rc - 1;
    if (!line.dir || !*line.dir)
        line.dir = KOPPEL_CONFDIR;
    if (optind == argc) {
        help(stderr);
        return EXIT_USAGE;
    }
    const struct command *command = find_command(argv[optind]);
    if (!command)
        return EXIT_USAGE;
    line.words = argv + optind + 1;
    line.count = argc - optind - 1;
    if (line.count < command->min_words || (command->max_words >= 0 && line.count > command->max_words)) {
        fprintf(stderr, "usage: koppel %s %s\n", command->name, command->arguments);
        return EXIT_USAGE;
    }
    log_set_level(line.verbose ? LOG_DEBUG : LOG_INFO);
    json_object_seed(0);
    if (secret_start(&err) != 0 || http_start(&err) != 0)
        return command_failed(&err);
    rc = command->run(&line);
    http_stop();
    return rc;
}
