"""The command `aws`: hands its words, environment, folder and standard streams to a process that has the AWS CLI loaded.

Loading takes the AWS CLI most of a second of processor time, and suites start it thousands of times. The code that runs is
the AWS CLI's own. Source of the protocol: resident.py.
"""

import fcntl
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time

FOLDER = os.path.dirname(os.path.abspath(__file__))
# Relative, for the path of a socket has 108 characters at most.
SOCKET = 'socket'
# Seconds. Loading takes two, on a machine that does nothing else.
PATIENCE = 120


def connect():
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(SOCKET)
        return connection
    except OSError:
        connection.close()
        return None


def connect_or_start():
    connection = connect()
    if connection:
        return connection
    with open('lock', 'w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        connection = connect()
        if connection:
            return connection
        subprocess.Popen(
            [sys.executable, 'resident.py', SOCKET],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={'PATH': os.defpath, 'LC_ALL': 'C.UTF-8'},
            start_new_session=True,
        )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            connection = connect()
            if connection:
                return connection
            time.sleep(0.02)
    sys.exit('the process that has the AWS CLI loaded did not start')


def main():
    request = json.dumps({'words': sys.argv[1:], 'env': dict(os.environ), 'folder': os.getcwd()})
    os.chdir(FOLDER)
    connection = connect_or_start()
    data = request.encode('utf-8', 'surrogateescape')
    socket.send_fds(connection, [struct.pack('>I', len(data))], [0, 1, 2])
    connection.sendall(data)
    pid = struct.unpack('>i', connection.recv(4, socket.MSG_WAITALL))[0]
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, lambda number, _: os.kill(pid, number))
    status = struct.unpack('>i', connection.recv(4, socket.MSG_WAITALL))[0]
    if status < 0:
        signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    os._exit(status)


main()
