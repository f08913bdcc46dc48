/* SPDX-License-Identifier: MIT
 * koppel plugin-test: runs the kit, and prints what came of each check as TAP or as JSON. */
#include "commands/command_plugin_test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/visible.h"
#include "kit/kit.h"

#define UNDER_VALGRIND "KOPPEL_KIT_VALGRIND"
#define VALGRIND_PATIENCE 30

struct printing {
    bool json;
    int number;
};

static json_t *row_json(const struct kit_row *row)
{
    static const char *const verdicts[] = {[KIT_PASSED] = "passed", [KIT_FAILED] = "failed",
                                           [KIT_NOT_NEEDED] = "nothing-to-check",
                                           [KIT_LEFT_OUT] = "left-out"};
    return json_pack("{s:s,s:s,s:s,s:o,s:s}", "check", row->id, "title", row->title, "verdict",
                     verdicts[row->verdict], "why",
                     row->verdict == KIT_PASSED ? json_null() : command_json_text(row->text),
                     "remedy", row->remedy);
}

static void print_row(void *arg, const struct kit_row *row)
{
    struct printing *p = arg;
    if (p->json) {
        command_print_json(row_json(row));
        return;
    }
    visible_print(stdout, "%s %d - %s %s", row->verdict == KIT_FAILED ? "not ok" : "ok",
                  ++p->number, row->id, row->title);
    if (row->verdict == KIT_FAILED)
        visible_print(stdout, "\n# found: %s\n# why, and what to do: %s", row->text, row->remedy);
    else if (row->verdict == KIT_NOT_NEEDED)
        visible_print(stdout, " # SKIP nothing to check: %s", row->text);
    else if (row->verdict == KIT_LEFT_OUT)
        visible_print(stdout, " # SKIP left out: %s", row->text);
    putchar('\n');
    (void)fflush(stdout);
}

static void print_end(const struct printing *p, const struct kit_counts *n)
{
    if (p->json) {
        command_print_json(json_pack("{s:i,s:i,s:i,s:i}", "passed", n->passed, "failed", n->failed,
                                     "nothing_to_check", n->not_needed, "left_out", n->left_out));
        return;
    }
    visible_print(stdout, "1..%d\n# %d passed, %d failed, %d had nothing to check, %d left out\n",
                  p->number, n->passed, n->failed, n->not_needed, n->left_out);
}

/* The same command once more, inside of valgrind. Comes back only where that is not there. */
static int under_valgrind(const struct command_line *line)
{
    const char *argv[32] = {"valgrind", "-q", "--trace-children=no", "--error-exitcode=9",
                            "--exit-on-first-error=yes", "--leak-check=no", "/proc/self/exe",
                            "plugin-test"};
    char self[4096];
    int n = 8;
    ssize_t bytes = readlink("/proc/self/exe", self, sizeof self - 1);
    if (bytes <= 0)
        return EXIT_FAILED;
    self[bytes] = '\0';
    argv[6] = self;
    argv[n++] = line->words[0];
    const struct {
        const char *name, *value;
    } all[] = {{"--config", line->dir}, {"--previous", line->previous}, {"--only", line->only},
               {"--record", line->record}, {"--replay", line->replay}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (!all[i].value)
            continue;
        argv[n++] = all[i].name;
        argv[n++] = all[i].value;
    }
    if (line->json)
        argv[n++] = "--json";
    (void)setenv(UNDER_VALGRIND, "1", 1);
    execvp(argv[0], (char *const *)argv);
    visible_print(stderr, "koppel: valgrind cannot be started: %s\n", strerror(errno));
    return EXIT_FAILED;
}

/* --config names a connection's file here; a directory is that of other commands. */
static const char *connection_file(const struct command_line *line)
{
    struct stat st;
    const char *usual = getenv("KOPPEL_CONFIG");
    if (!line->dir || (stat(line->dir, &st) == 0 && S_ISDIR(st.st_mode)))
        return NULL;
    if ((usual && strcmp(usual, line->dir) == 0) || strcmp(line->dir, KOPPEL_CONFDIR) == 0)
        return NULL;
    return line->dir;
}

int command_plugin_test(const struct command_line *line)
{
    struct koppel_error err = {0};
    struct conf_report report = {0};
    struct kit_counts counts = {0};
    struct printing printing = {.json = line->json};
    const char *config = connection_file(line);
    const char *given[] = {line->words[0], config, line->previous, line->record, line->replay};
    char *paths[sizeof given / sizeof given[0]] = {NULL};
    if (line->valgrind && !getenv(UNDER_VALGRIND))
        return under_valgrind(line);
    int rc = 0;
    for (size_t i = 0; i < sizeof given / sizeof given[0] && rc == 0; i++) {
        paths[i] = given[i] ? command_path(given[i]) : NULL;
        if (given[i] && !paths[i])
            rc = err_set(&err, KOPPEL_E_RETRY, "out of memory");
    }
    struct kit_options options = {.file = paths[0], .config = paths[1], .previous = paths[2],
                                  .record = paths[3], .replay = paths[4], .only = line->only,
                                  .end = _exit,
                                  .patience = getenv(UNDER_VALGRIND) ? VALGRIND_PATIENCE : 1};
    if (rc == 0)
        rc = kit_run(&options, print_row, &printing, &counts, &report, &err);
    conf_report_print(&report, false);
    conf_report_done(&report);
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        free(paths[i]);
    if (rc < 0) {
        (void)command_failed(&err);
        return EXIT_FAILED;
    }
    print_end(&printing, &counts);
    return counts.failed ? EXIT_PARKED : EXIT_OK;
}
