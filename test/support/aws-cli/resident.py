"""A process that has the AWS CLI loaded, and forks for each call of it. It ends when nobody has called for a while.

A client sends the length of its request (4 bytes, with the file descriptors of its standard streams), then the request as
JSON. It gets the process id of the call, and then its exit status: a negative one is the signal that ended it.
"""

import gc
import io
import json
import os
import select
import signal
import socket
import struct
import sys
import time

# Before botocore: the package has one of its own.
import awscli

from botocore import loaders

# Seconds without a call.
IDLE = 120
SERVICES = (
    'acm cloudformation ec2 ecr ecs elbv2 iam logs route53 s3 secretsmanager ssm sts wafv2'.split()
)


def keep_files():
    """Data files that are read once stay: a call gets them with the memory of this process."""
    read = loaders.JSONFileLoader.load_file
    files = {}

    def load_file(self, path):
        if path not in files:
            files[path] = read(self, path)
        return files[path]

    loaders.JSONFileLoader.load_file = load_file


def warm_up():
    from awscli import clidriver

    driver = clidriver.create_clidriver()
    loader = driver.session.get_component('data_loader')
    for service in SERVICES:
        for kind in ('service-2', 'endpoint-rule-set-1', 'paginators-1', 'waiters-2'):
            try:
                loader.load_service_model(service, kind)
            except Exception:
                # Not each service has each kind.
                pass
        driver.session.create_client(service, 'us-east-1', aws_access_key_id='none', aws_secret_access_key='none')
    gc.collect()
    gc.freeze()
    return clidriver


def run(clidriver, request, descriptors):
    """The call itself, in a process of its own. Never returns."""
    status = 255
    try:
        for number, descriptor in enumerate(descriptors):
            os.dup2(descriptor, number)
        os.closerange(3, 256)
        os.chdir(request['folder'])
        os.environ.clear()
        os.environ.update(request['env'])
        time.tzset()
        # As the package does when it is loaded.
        data = os.path.join(os.path.dirname(os.path.abspath(awscli.__file__)), 'data')
        given = os.environ.get('AWS_DATA_PATH')
        os.environ['AWS_DATA_PATH'] = os.pathsep.join([*(given.split(os.pathsep) if given else []), data])
        sys.argv = ['aws', *request['words']]
        sys.stdin, sys.stdout, sys.stderr = (
            io.TextIOWrapper(open(number, mode, closefd=False), encoding='utf-8', errors=errors, line_buffering=False)
            for number, mode, errors in ((0, 'rb', 'strict'), (1, 'wb', 'strict'), (2, 'wb', 'backslashreplace'))
        )
        status = clidriver.main()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException as error:
        sys.stderr.write(f'{error!r}\n')
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            pass
    os._exit(status & 0xFF)


def serve(clidriver, connection):
    """One client: starts its call, ends it if the client ends, and says how it ended. Never returns."""
    length, descriptors, _, _ = socket.recv_fds(connection, 4, 3)
    data = connection.recv(struct.unpack('>I', length)[0], socket.MSG_WAITALL)
    request = json.loads(data.decode('utf-8', 'surrogateescape'))
    pid = os.fork()
    if pid == 0:
        run(clidriver, request, descriptors)
    for descriptor in descriptors:
        os.close(descriptor)
    connection.sendall(struct.pack('>i', pid))
    ended = os.pidfd_open(pid)
    readable, _, _ = select.select([ended, connection], [], [])
    if ended not in readable:
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    try:
        connection.sendall(struct.pack('>i', os.waitstatus_to_exitcode(status)))
    except OSError:
        pass
    os._exit(0)


def main():
    path = sys.argv[1]
    keep_files()
    clidriver = warm_up()
    server = socket.socket(socket.AF_UNIX)
    if os.path.exists(path):
        os.unlink(path)
    server.bind(path)
    server.listen(64)
    server.settimeout(IDLE)
    # Ended children are not waited for.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        try:
            connection, _ = server.accept()
        except TimeoutError:
            if os.path.exists(path):
                os.unlink(path)
            return
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            server.close()
            serve(clidriver, connection)
        connection.close()


main()
