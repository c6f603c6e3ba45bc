/*
 * The least that a start and a stop of several database servers can take: fork and exec all of them, connect to each
 * until it answers PING, and hold the connections; later write SHUTDOWN NOSAVE to all and wait for the ends.
 *
 *     parallelShutdown SERVER CONF PORT [CONF PORT]...
 *
 * Prints `up MILLISECONDS` when the last one has answered, counted from before the first fork, and waits for a line
 * of its input. Then it stops them and prints `down MILLISECONDS`. Each server runs in the directory of its CONF, at
 * 127.0.0.1. Exit code 0; 1 if a server does not answer within thirty seconds.
 */
#define _POSIX_C_SOURCE 200809L
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { most_servers = 64 };

static double now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static pid_t start_server(const char *server, char *conf) {
  const pid_t pid = fork();
  if (pid != 0) return pid;
  const int nowhere = open("/dev/null", O_RDWR);
  if (nowhere < 0 || dup2(nowhere, 0) < 0 || dup2(nowhere, 1) < 0 || dup2(nowhere, 2) < 0) _exit(126);
  char *name = strrchr(conf, '/');
  if (name == NULL) _exit(126);
  *name = '\0';
  if (chdir(conf) != 0) _exit(126);
  execl(server, server, name + 1, (char *)NULL);
  _exit(127);
}

/* A connection over which PING was answered; -1: not yet. */
static int connect_answered(const int port) {
  static const char ping[] = "*1\r\n$4\r\nPING\r\n";
  char reply[7];
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int connection = socket(AF_INET, SOCK_STREAM, 0);
  if (connection < 0) return -1;
  int right = connect(connection, (const struct sockaddr *)&address, sizeof address) == 0 &&
              write(connection, ping, sizeof ping - 1) == (ssize_t)(sizeof ping - 1);
  for (size_t have = 0; right && have < sizeof reply;) {
    const ssize_t more = read(connection, reply + have, sizeof reply - have);
    if (more <= 0) right = 0;
    else have += (size_t)more;
  }
  if (right && memcmp(reply, "+PONG\r\n", sizeof reply) == 0) return connection;
  close(connection);
  return -1;
}

static void kill_all(const pid_t *servers, const int count) {
  for (int each = 0; each < count; each++) kill(servers[each], SIGKILL);
}

static void await_all(const pid_t *servers, const int count) {
  for (int each = 0; each < count; each++) {
    while (waitpid(servers[each], NULL, 0) < 0 && errno == EINTR) continue;
  }
}

int main(int words, char **word) {
  const int count = (words - 2) / 2;
  if (words < 4 || words % 2 != 0 || count > most_servers) {
    fprintf(stderr, "usage: %s SERVER CONF PORT [CONF PORT]...\n", word[0]);
    return 2;
  }
  pid_t servers[most_servers];
  int connections[most_servers];
  /* A short rest between two attempts: without it this program takes the processor from the servers. */
  const struct timespec rest = {.tv_nsec = 100000};

  const double begin = now_ms();
  for (int each = 0; each < count; each++) {
    connections[each] = -1;
    servers[each] = start_server(word[1], word[2 + 2 * each]);
    if (servers[each] < 0) {
      perror("fork");
      kill_all(servers, each);
      return 1;
    }
  }
  for (int missing = count; missing > 0;) {
    for (int each = 0; each < count; each++) {
      if (connections[each] >= 0) continue;
      connections[each] = connect_answered(atoi(word[3 + 2 * each]));
      if (connections[each] >= 0) missing--;
    }
    if (missing > 0 && now_ms() - begin > 30000.0) {
      fprintf(stderr, "%d servers did not answer\n", missing);
      kill_all(servers, count);
      await_all(servers, count);
      return 1;
    }
    if (missing > 0) nanosleep(&rest, NULL);
  }
  printf("up %.3f\n", now_ms() - begin);
  fflush(stdout);

  char line[8];
  const char *told = fgets(line, sizeof line, stdin);
  if (told == NULL) kill_all(servers, count);
  static const char request[] = "*2\r\n$8\r\nSHUTDOWN\r\n$6\r\nNOSAVE\r\n";
  const double asked = now_ms();
  for (int each = 0; each < count; each++) {
    if (write(connections[each], request, sizeof request - 1) < 0) kill(servers[each], SIGKILL);
  }
  await_all(servers, count);
  printf("down %.3f\n", now_ms() - asked);
  return told == NULL;
}
