/* SPDX-License-Identifier: MIT
 * Group X. */
#include "kit/kit_hygiene.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "kit/kit_left.h"
#include "kit/kit_peer.h"
#include "kit/kit_value.h"
#include "kit/kit_walk.h"

/* Uses all of it: with the peer that there is, or else with one that answers {}. */
static enum kit_child_outcome use(const struct kit_run *r, kit_walk_judge *judge, void *arg)
{
    struct kit_peer peer = {.status = 200, .type = "application/json", .body = "{}"};
    struct kit_walk_manner m = {.judge = judge, .arg = arg, .writing = true,
                                .host = {.peer = kit_peer_answer, .peer_arg = &peer}};
    if (r->plugin->entry.kind == KOPPEL_KIND_TRANSFORM)
        return kit_value_examples(r, false);
    enum kit_child_outcome outcome = kit_walk_all(r, &m, NULL);
    if (outcome != KIT_PASS || !r->live)
        return outcome;
    m = (struct kit_walk_manner){.conf = r->conf, .judge = judge, .arg = arg};
    return kit_walk_all(r, &m, NULL);
}

static enum kit_child_outcome not_used(void)
{
    return kit_child_nothing("it could not be used; other checks say why");
}

static enum kit_child_outcome prints_nothing(const struct kit_run *r)
{
    char printed[200];
    enum kit_child_outcome outcome = use(r, NULL, NULL);
    if (kit_child_printed(printed, sizeof printed) > 0)
        return kit_child_fail("it printed: %s", printed);
    return outcome == KIT_PASS ? outcome : not_used();
}

static enum kit_child_outcome process_as_before(const struct kit_run *r)
{
    char *before = kit_left_process();
    enum kit_child_outcome outcome = use(r, NULL, NULL);
    char *after = kit_left_process();
    if (before && after && strcmp(before, after) != 0) {
        size_t line = 0, i = 0;
        for (; before[i] && before[i] == after[i]; i++)
            line = before[i] == '\n' ? i + 1 : line;
        outcome = kit_child_fail("it changed this of the process: %.*s",
                                 (int)strcspn(after + line, "=\n"), after + line);
    } else if (outcome != KIT_PASS) {
        outcome = not_used();
    }
    free(before);
    free(after);
    return outcome;
}

static enum kit_child_outcome leaves_nothing(const struct kit_run *r)
{
    struct kit_left before, after;
    enum kit_child_outcome outcome = use(r, NULL, NULL); /* libraries keep things from the first */
    kit_left_take(&before);
    if (outcome == KIT_PASS)
        outcome = use(r, NULL, NULL);
    kit_left_take(&after);
    if (outcome != KIT_PASS)
        return not_used();
    if (after.files > before.files)
        return kit_child_fail("it left %d files open", after.files - before.files);
    if (after.threads > before.threads)
        return kit_child_fail("it left a thread running");
    if (waitpid(-1, NULL, WNOHANG) != -1 || errno != ECHILD)
        return kit_child_fail("it left a process");
    return KIT_PASS;
}

static bool judge_secrets(void *arg, struct kit_session *s, const struct kit_step *step,
                          const struct kit_answer *a, char *text, size_t room)
{
    char words[128];
    (void)arg;
    kit_host_look(&s->host, "the text of a failure", a->err.text);
    for (int i = 0; i < a->batch.count; i++)
        kit_host_look(&s->host, "a key", a->batch.records[i].key);
    if (!s->host.leak[0])
        return true;
    snprintf(text, room, "%s: a secret of its settings stands in %s",
             kit_session_words(step, words, sizeof words), s->host.leak);
    return false;
}

static enum kit_child_outcome keeps_secrets(const struct kit_run *r)
{
    bool any = false;
    for (int i = 0; i < r->conf->setting_count; i++)
        any = any || r->conf->settings[i].secret;
    return any ? use(r, judge_secrets, NULL) : kit_child_nothing("it has no secrets");
}

static bool judge_lines(void *arg, struct kit_session *s, const struct kit_step *step,
                        const struct kit_answer *a, char *text, size_t room)
{
    char words[128];
    (void)arg;
    (void)a;
    if (!s->host.many_lines)
        return true;
    snprintf(text, room, "%s: %s holds a line break or a control character",
             kit_session_words(step, words, sizeof words), s->host.words);
    return false;
}

static enum kit_child_outcome one_line(const struct kit_run *r)
{
    return use(r, judge_lines, NULL);
}

static enum kit_child_outcome imports_none(const struct kit_run *r, const char *const *names,
                                           const char *instead)
{
    for (; *names; names++) {
        if (kit_elf_imports(r->elf, *names))
            return kit_child_fail("it calls %s; %s", *names, instead);
    }
    return KIT_PASS;
}

static enum kit_child_outcome no_process(const struct kit_run *r)
{
    static const char *const names[] = {
        "exit", "_exit", "abort", "quick_exit", "__assert_fail", "fork", "vfork", "execve",
        "execv", "execvp", "posix_spawn", "posix_spawnp", "system", "popen", "pthread_create",
        "thrd_create", "signal", "sigaction", "raise", "kill", "setlocale", "uselocale", "chdir",
        "fchdir", "umask", "setenv", "putenv", "unsetenv", "setrlimit", "alarm", "sleep", "usleep",
        "nanosleep", NULL};
    return imports_none(r, names, "the process and its threads are the host's");
}

static enum kit_child_outcome no_output(const struct kit_run *r)
{
    static const char *const names[] = {"printf", "__printf_chk", "puts", "putchar", "perror",
                                        "stdout", "stderr", "vprintf", "__vprintf_chk", "syslog",
                                        "__syslog_chk", "psignal", "warn", "errx", "err", NULL};
    return imports_none(r, names, "use host->log");
}

static enum kit_child_outcome no_chance(const struct kit_run *r)
{
    static const char *const names[] = {
        "time", "gettimeofday", "clock_gettime", "clock", "localtime", "localtime_r", "gmtime",
        "mktime", "tzset", "rand", "random", "srand", "drand48", "getenv", "secure_getenv",
        "getrandom", "arc4random", "ftime", NULL};
    return imports_none(r, names, "use host->now_ms and host->setting");
}

static enum kit_child_outcome no_bounds(const struct kit_run *r)
{
    static const char *const names[] = {"strcpy", "strcat", "sprintf", "vsprintf", "gets",
                                        "strtok", "tmpnam", "mktemp", "atof", NULL};
    return imports_none(r, names, "it writes without a bound, or shares memory between threads");
}

const struct kit_check kit_hygiene_checks[] = {
    {"X1", KIT_BOTH, "nothing is printed",
     "Standard output belongs to the command and its JSON; use host->log.", prints_nothing},
    {"X2", KIT_BOTH, "the process is as it was before",
     "Locale, working directory, umask, signals, limits and environment are shared by all "
     "plugins.", process_as_before},
    {"X3", KIT_BOTH, "no file, thread or process is left",
     "They add up in a program that runs for months; end in each call what it began.",
     leaves_nothing},
    {"X4", KIT_CONNECTOR, "secrets stand in no text, record, address or header that is shown",
     "Activities and logs keep those; give them by KOPPEL_PAIR_SECRET or in a body.",
     keeps_secrets},
    {"X5", KIT_CONNECTOR, "texts for people are one line",
     "A line break would forge a log line; put the peer's words between KOPPEL_SAID and on one "
     "line.", one_line},
    {"X6", KIT_BOTH, "it starts and ends no process, thread or wait",
     "One plugin must not take the others with it; a helper with bounds is a program of its own, "
     "which NAME.test.conf explains.", no_process},
    {"X7", KIT_BOTH, "it cannot print",
     "Nobody sees it in a service, and a command's output is broken by it; use host->log.",
     no_output},
    {"X8", KIT_BOTH, "time, chance and environment come from the host",
     "Only so can a run be repeated in a test; use host->now_ms, the job as idempotency key, and "
     "settings.", no_chance},
    {"X9", KIT_BOTH, "it calls nothing that writes without a bound",
     "It reads what strangers send; use snprintf, memcpy with a length, strtok_r.", no_bounds},
    {0},
};
