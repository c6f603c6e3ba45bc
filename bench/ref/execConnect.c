/*
 * The least that a launch of a database server can take: fork, exec, and connect again and again until PING is
 * answered. Prints the milliseconds from before the fork to the answer; then ends the server.
 *
 *     execConnect SERVER CONF HOST PORT
 *
 * The server's output goes to /dev/null. Exit code 0; 1 if there is no answer within ten seconds or the server ends.
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

static double now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static pid_t start_server(const char *server, const char *conf) {
  const pid_t pid = fork();
  if (pid != 0) return pid;
  const int nowhere = open("/dev/null", O_RDWR);
  if (nowhere < 0 || dup2(nowhere, 0) < 0 || dup2(nowhere, 1) < 0 || dup2(nowhere, 2) < 0) _exit(126);
  execl(server, server, conf, (char *)NULL);
  _exit(127);
}

/* One attempt: connect, send PING, and whether +PONG comes back. */
static int answers(const struct sockaddr_in *address) {
  static const char ping[] = "*1\r\n$4\r\nPING\r\n";
  static const char pong[] = "+PONG\r\n";
  char reply[sizeof pong - 1];
  const int connection = socket(AF_INET, SOCK_STREAM, 0);
  if (connection < 0) return 0;
  int right = connect(connection, (const struct sockaddr *)address, sizeof *address) == 0 &&
              write(connection, ping, sizeof ping - 1) == (ssize_t)(sizeof ping - 1);
  for (size_t have = 0; right && have < sizeof reply;) {
    const ssize_t more = read(connection, reply + have, sizeof reply - have);
    if (more <= 0) right = 0;
    else have += (size_t)more;
  }
  close(connection);
  return right && memcmp(reply, pong, sizeof reply) == 0;
}

int main(int count, char **words) {
  if (count != 5) {
    fprintf(stderr, "usage: %s SERVER CONF HOST PORT\n", words[0]);
    return 2;
  }
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(words[4]))};
  if (inet_pton(AF_INET, words[3], &address.sin_addr) != 1) {
    fprintf(stderr, "%s is no IPv4 address\n", words[3]);
    return 2;
  }

  /* A short rest between two attempts: without it this program takes the processor from the server. */
  const struct timespec rest = {.tv_nsec = 100000};
  const double begin = now_ms();
  const pid_t server = start_server(words[1], words[2]);
  if (server < 0) {
    perror("fork");
    return 1;
  }
  int answered = 0;
  double end = begin;
  while (!(answered = answers(&address)) && (end = now_ms()) - begin < 10000.0) {
    if (waitpid(server, NULL, WNOHANG) == server) {
      fprintf(stderr, "the server ended before it answered\n");
      return 1;
    }
    nanosleep(&rest, NULL);
  }
  end = now_ms();

  kill(server, SIGKILL);
  while (waitpid(server, NULL, 0) < 0 && errno == EINTR) continue;
  if (!answered) {
    fprintf(stderr, "no answer within ten seconds\n");
    return 1;
  }
  printf("%.3f\n", end - begin);
  return 0;
}
