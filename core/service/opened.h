/* SPDX-License-Identifier: MIT
 * Opens what a question needs where no engine runs. */
#ifndef KOPPEL_SERVICE_OPENED_H
#define KOPPEL_SERVICE_OPENED_H

#include "service/service.h"

struct opened {
    struct service service;
    struct plugins *plugins; /* NULL: not needed */
    struct conf *conf;       /* where there is no engine; else it is the engine's */
    struct engine engine;
    bool open;               /* the engine is */
};

/* The configuration's names only, with their place in dir; enough to find an engine that runs. NULL
 * and report: there is no store to be had. Freed by conf_free. */
struct conf *opened_names(const char *dir, struct conf_report *report);
/* o is closed by opened_close, also after -1. plugins: where they are looked for; o takes them
 * over. report: every mistake of the configuration. -1: KOPPEL_E_CONFIG with reason
 * "config.rejected" where it has any. */
int opened_open(struct opened *o, const char *dir, enum service_need need,
                 struct plugins *plugins_take, struct conf_report *report,
                 struct koppel_error *err);
/* An engine that serves. A configuration with mistakes leaves it in safe mode: what needs the store
 * alone is answered, no flow runs. -1: there is not even the place of a store. */
int opened_serve(struct opened *o, const char *dir, struct plugins *plugins_take,
                 struct conf_report *report, struct koppel_error *err);
void opened_close(struct opened *o);

#endif
