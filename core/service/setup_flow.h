/* SPDX-License-Identifier: MIT
 * The step of a set-up that asks of one flow what changes the books: states, references, and the
 * settings of its core model that are to be asked for. */
#ifndef KOPPEL_SERVICE_SETUP_FLOW_H
#define KOPPEL_SERVICE_SETUP_FLOW_H

#include "service/setup_step.h"

setup_step_build setup_flow_build;
setup_step_answer setup_flow_answer;

#endif
