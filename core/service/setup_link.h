/* SPDX-License-Identifier: MIT
 * The step of a set-up that says which records go where: every way for which both systems and the
 * shipped mappings are made. */
#ifndef KOPPEL_SERVICE_SETUP_LINK_H
#define KOPPEL_SERVICE_SETUP_LINK_H

#include "service/setup_step.h"

setup_step_build setup_link_build;
/* Makes draft's "flows" ([{"name", "from", "entity", "to", "to_entity", "model", "title",
 * "references": [name], "reference"}]), and drops its "tables". */
setup_step_answer setup_link_answer;

#endif
