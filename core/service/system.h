/* SPDX-License-Identifier: MIT
 * The program and its machine: what a maintainer asks first. */
#ifndef KOPPEL_SERVICE_SYSTEM_H
#define KOPPEL_SERVICE_SYSTEM_H

#include "service/service.h"

/* {}: {"version","serves","safe","dir","zone","language","started" (of the engine; null: none
 * runs),"up_ms","threads","memory" (bytes),"machine":{"system","kernel","processors","memory"},
 * "flows":{"all","enabled"},"connections","revision" (active; null: none),"plugins": as
 * plugins.list, "store":{"path","file","log","free","disk_free","disk"} in bytes (-1: unknown)}. */
int system_show(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err);

#endif
