/* SPDX-License-Identifier: MIT
 * The thread that signals arrive in. */
#include "commands/signals.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>

#include "base/log.h"
#include "base/notify.h"
#include "commands/command.h"
#include "connection/call.h"

/* The engine ends its requests after 3 s; what is still inside a plugin then does not come back. */
#define GIVE_UP_MS 8000

static struct {
    struct engine *engine; /* NULL: none runs yet */
    void (*hangup)(void *arg);
    void *arg;
    pthread_t thread;
    bool runs;
    void (*end)(int status);
} caught;

static void set_hangup(int how)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGHUP);
    pthread_sigmask(how, &set, NULL);
}

void signals_begin(void (*end)(int status))
{
    caught.end = end;
    set_hangup(SIG_BLOCK);
}

void signals_let_hangup(void)
{
    set_hangup(SIG_UNBLOCK);
}

static void fill(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGUSR2); /* ours: the command is through */
    if (caught.hangup)
        sigaddset(set, SIGHUP);
}

static void *wait_for_signal(void *arg)
{
    sigset_t set;
    int got = 0;
    (void)arg;
    fill(&set);
    while (sigwait(&set, &got) == 0 && got != SIGUSR2) {
        if (got == SIGHUP) {
            caught.hangup(caught.arg);
            continue;
        }
        if (!caught.engine) {
            log_info(LOG_ABOUT(.event = "stop"), "stopped before it had begun");
            (void)notify_send("STOPPING=1");
            caught.end(EXIT_OK);
        }
        log_info(LOG_ABOUT(.event = "stop"), "stopping: the records at hand finish first");
        (void)notify_send("STOPPING=1\nSTATUS=the records at hand finish");
        engine_stop(caught.engine);
        call_give_up_after(GIVE_UP_MS, EXIT_FAILED);
    }
    return NULL;
}

int signals_catch(struct engine *e, void (*hangup)(void *arg), void *arg, struct koppel_error *err)
{
    sigset_t set;
    caught.engine = e;
    caught.hangup = hangup;
    caught.arg = arg;
    fill(&set);
    signal(SIGPIPE, SIG_IGN);
    if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0 ||
        pthread_create(&caught.thread, NULL, wait_for_signal, NULL) != 0)
        return err_set(err, KOPPEL_E_RETRY, "no thread could be started");
    caught.runs = true;
    return 0;
}

void signals_release(void)
{
    if (!caught.runs)
        return;
    pthread_kill(caught.thread, SIGUSR2);
    pthread_join(caught.thread, NULL);
    caught.runs = false;
}

bool signals_told_to_stop(void)
{
    sigset_t kept;
    return sigpending(&kept) == 0 &&
           (sigismember(&kept, SIGINT) == 1 || sigismember(&kept, SIGTERM) == 1);
}
