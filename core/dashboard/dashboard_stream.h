/* SPDX-License-Identifier: MIT
 * GET /events: what happens in the engine, as server-sent events, for every page that is open.
 *
 *     id: 18c2f3a-8812
 *     event: run.ended
 *     data: {"at":"2026-11-27T07:10:33.123Z","subject":"orders","body":{...} or null}
 *
 * Names and bodies are those of engine/events.h. The first one is "hello"; "reset" says that some
 * were missed, so a page asks anew. A flow's movement comes twice a second at most. */
#ifndef KOPPEL_DASHBOARD_DASHBOARD_STREAM_H
#define KOPPEL_DASHBOARD_DASHBOARD_STREAM_H

#include "engine/engine.h"

struct MHD_Connection;
struct MHD_Response;
struct dashboard_streams;
struct dashboard_stream;

/* A thread that hands out what happens. NULL and err. The engine outlives it. */
struct dashboard_streams *dashboard_stream_start(struct engine *e, struct koppel_error *err);
/* Every stream ends; none is opened any more. */
void dashboard_stream_stop(struct dashboard_streams *s);
/* After the last response is gone. Takes NULL. */
void dashboard_stream_free(struct dashboard_streams *s);

/* A stream of that session, from behind the event last_id ("": from now); whole: who listens may
 * see personal data. NULL: too many, or it ends. */
struct dashboard_stream *dashboard_stream_open(struct dashboard_streams *s, const char *session,
                                               bool whole, const char *last_id);
/* One that got no response. Takes NULL. */
void dashboard_stream_close(struct dashboard_stream *one);
/* The stream is the response's from now on, also where that is NULL. */
struct MHD_Response *dashboard_stream_response(struct dashboard_stream *one_take,
                                               struct MHD_Connection *connection);
/* Those of a session end at once. */
void dashboard_stream_end(struct dashboard_streams *s, const char *session);
/* How many are open. */
int dashboard_stream_count(struct dashboard_streams *s);

#endif
