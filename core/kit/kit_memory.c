/* SPDX-License-Identifier: MIT
 * The plugin's calls of malloc and its like go to functions of this file; those of Jansson on its
 * behalf do too. What the program itself asks for meanwhile is never refused. */
#include "kit/kit_memory.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kit/kit_peer.h"
#include "kit/kit_value.h"
#include "kit/kit_walk.h"

#define MOST 150 /* pieces of one call that are refused one after another */

static struct {
    long left;   /* until one is refused; 0: none is */
    bool fired;
    bool set;    /* the plugin's calls come here */
} refusal;

/* Is this one refused? */
static bool refused(void)
{
    if (!kit_host_in_plugin() || refusal.left == 0 || --refusal.left > 0)
        return false;
    refusal.fired = true;
    errno = ENOMEM;
    return true;
}

static void *take(size_t bytes)
{
    return refused() ? NULL : malloc(bytes);
}

static void *take_zeroed(size_t count, size_t bytes)
{
    return refused() ? NULL : calloc(count, bytes);
}

static void *take_again(void *p, size_t bytes)
{
    return refused() ? NULL : realloc(p, bytes);
}

static void *take_array(void *p, size_t count, size_t bytes)
{
    return refused() ? NULL : reallocarray(p, count, bytes);
}

static char *take_text(const char *text)
{
    return refused() ? NULL : strdup(text);
}

static char *take_part(const char *text, size_t bytes)
{
    return refused() ? NULL : strndup(text, bytes);
}

static int take_words(char **out, const char *format, ...) __attribute__((format(printf, 2, 3)));
static int take_words(char **out, const char *format, ...)
{
    va_list args;
    if (refused())
        return -1;
    va_start(args, format);
    int n = vasprintf(out, format, args);
    va_end(args);
    return n;
}

static void take_over(const struct kit_run *r)
{
    static const struct {
        const char *name;
        void (*function)(void);
    } all[] = {{"malloc", (void (*)(void))take},
               {"calloc", (void (*)(void))take_zeroed},
               {"realloc", (void (*)(void))take_again},
               {"reallocarray", (void (*)(void))take_array},
               {"strdup", (void (*)(void))take_text},
               {"strndup", (void (*)(void))take_part},
               {"asprintf", (void (*)(void))take_words}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        (void)kit_elf_redirect(r->path, all[i].name, all[i].function);
    json_set_alloc_funcs(take, free);
    refusal.set = true;
}

static void refuse(void *arg, struct kit_host *host, const struct kit_step *step)
{
    (void)host;
    (void)step;
    refusal.left = *(const long *)arg;
    refusal.fired = false;
}

/* open(), and then one call; the piece that is refused is in either. -1: text. */
static int call_once(const struct kit_run *r, const struct kit_step *step, struct kit_peer *peer,
                     long at, char *text, size_t room)
{
    struct kit_session s = {.host = {.peer = kit_peer_answer, .peer_arg = peer}};
    struct koppel_error err = {0};
    struct kit_answer a = {0};
    text[0] = '\0';
    if (kit_session_prepare(&s, r, NULL, &err) < 0) {
        snprintf(text, room, "%s", err.text);
        return -1;
    }
    struct kit_session second = {.host = s.host};
    refuse(&at, NULL, NULL);
    if (kit_session_second(&s, &second, &err) < 0) {
        refusal.left = 0;
        if (!err.kind)
            snprintf(text, room, "open() failed without a reason when piece %ld of memory was "
                     "missing", at);
    } else {
        kit_session_ask(&second, step, &a);
        refusal.left = 0;
        if (kit_session_fault(step, &a, text, room - 64)) {
            size_t n = strlen(text);
            snprintf(text + n, room - n, " (piece %ld of memory was missing)", at);
        } else {
            text[0] = '\0';
        }
        kit_session_done(&a);
    }
    kit_session_close(&second);
    kit_session_close(&s);
    return text[0] ? -1 : 0;
}

static enum kit_child_outcome connector(const struct kit_run *r)
{
    static struct kit_walk w;
    struct kit_peer peer = {.status = 200, .type = "application/json", .body = "{\"data\": []}"};
    char text[KIT_CHILD_TEXT_BYTES] = "";
    long count = 0;
    take_over(r);
    kit_walk_plan(r, true, &w);
    for (int i = 0; i < w.count && !text[0]; i++) {
        bool fired = true;
        for (long at = 1; fired && at <= MOST && !text[0]; at++) {
            (void)call_once(r, &w.steps[i], &peer, at, text, sizeof text);
            fired = refusal.fired;
            count += fired;
        }
    }
    kit_walk_done(&w);
    if (text[0])
        return kit_child_fail("%s", text);
    return count ? KIT_PASS : kit_child_nothing("it asks for no memory");
}

static enum kit_child_outcome transform(const struct kit_run *r)
{
    take_over(r);
    for (long at = 1; at <= MOST; at++) {
        refusal.fired = false;
        enum kit_child_outcome outcome = kit_value_starved(r, &refusal.left, at);
        if (outcome != KIT_PASS || !refusal.fired)
            return outcome;
    }
    return KIT_PASS;
}

const struct kit_check kit_memory_checks[] = {
    {"H12", KIT_CONNECTOR, "memory that is not to be had is a failure of the call",
     "The program goes on without it; look at what malloc and json_... give, free what was made "
     "and end with host->fail.", connector},
    {"T16", KIT_TRANSFORM, "memory that is not to be had is a failure of the call",
     "The program goes on without it; look at what malloc and json_... give, and end with "
     "koppel_call_give or host->fail.", transform},
    {0},
};
