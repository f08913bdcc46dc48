/* SPDX-License-Identifier: MIT
 * The step of a set-up that fills one value table: a row per value of the source, with what it
 * becomes. */
#ifndef KOPPEL_SERVICE_SETUP_TABLE_H
#define KOPPEL_SERVICE_SETUP_TABLE_H

#include "service/setup_step.h"

setup_step_build setup_table_build;
setup_step_answer setup_table_answer;
/* Makes draft's "tables" ([{"name", "from", "to", "flows"}]) of its flows, where it has none. */
int setup_table_find(struct setup_work *w, struct koppel_error *err);

#endif
