/*
 * A plain SCAN loop with hiredis: the least that brings all names of the keys of a server.
 *
 *     scanNames TIMES PORT...
 *
 * Scans one server after the other with COUNT 1000, and copies the names one behind the other into memory, where they can be
 * used. Does so TIMES times, and prints `seconds SECONDS names NAMES`: of the last half of these times, and of
 * one of them. Exit code 1 if a reply is an error.
 */
#define _GNU_SOURCE
#include <hiredis/hiredis.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { most_servers = 16 };

struct server {
  redisContext *connection;
  char *bytes;
  size_t used, room, names;
};

static void fail(const char *what) {
  fprintf(stderr, "scanNames: %s\n", what);
  exit(1);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void keep(struct server *server, const redisReply *name) {
  size_t needed = server->used + sizeof(uint32_t) + name->len;
  if (needed > server->room) {
    server->room = 2 * needed + 65536;
    server->bytes = realloc(server->bytes, server->room);
    if (server->bytes == NULL) fail("no memory");
  }
  uint32_t length = (uint32_t)name->len;
  memcpy(server->bytes + server->used, &length, sizeof length);
  memcpy(server->bytes + server->used + sizeof length, name->str, name->len);
  server->used = needed;
  server->names++;
}

static void scan(struct server *server) {
  char cursor[32] = "0";
  server->used = server->names = 0;
  do {
    redisReply *reply = redisCommand(server->connection, "SCAN %s COUNT 1000", cursor);
    if (reply == NULL || reply->type != REDIS_REPLY_ARRAY || reply->elements != 2) fail("SCAN gave no page");
    snprintf(cursor, sizeof cursor, "%s", reply->element[0]->str);
    for (size_t i = 0; i < reply->element[1]->elements; i++) keep(server, reply->element[1]->element[i]);
    freeReplyObject(reply);
  } while (strcmp(cursor, "0") != 0);
}

int main(int count, char **words) {
  int times = count > 2 ? atoi(words[1]) : 0;
  int servers = count - 2;
  if (times < 1 || servers > most_servers) fail("say TIMES PORT...");
  static struct server all[most_servers];
  for (int i = 0; i < servers; i++) {
    all[i].connection = redisConnect("127.0.0.1", atoi(words[i + 2]));
    if (all[i].connection == NULL || all[i].connection->err != 0) fail("no connection");
  }
  double begun = 0;
  size_t names = 0;
  for (int time = 0; time < times; time++) {
    if (time == times / 2) begun = now();
    names = 0;
    for (int i = 0; i < servers; i++) {
      scan(&all[i]);
      names += all[i].names;
    }
  }
  printf("seconds %.6f names %zu\n", now() - begun, names);
  return 0;
}
