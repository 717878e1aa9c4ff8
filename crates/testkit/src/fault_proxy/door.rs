//! Takes connections, or does not.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::timeout;

use super::{Door, Tally, Weather, carry};

/// How long nothing has to answer before the system's queue counts as full.
const FULL_AFTER: Duration = Duration::from_millis(150);
const BACKLOG: i32 = 1_024;

/// A port that is kept, whether anybody listens at it or not.
pub(super) struct Port {
    address: SocketAddr,
    /// Bound, never listening: calls are refused, and nobody else is given the port.
    _keeper: Socket,
}

impl Port {
    pub(super) fn choose() -> Self {
        let keeper = bound((Ipv4Addr::LOCALHOST, 0).into());
        let address = keeper.local_addr().expect("a bound socket has an address");
        Self {
            address: address
                .as_socket()
                .expect("it is an address of the Internet"),
            _keeper: keeper,
        }
    }

    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// A socket at which calls wait until they are taken.
    pub(super) fn open(&self) -> Socket {
        self.listening(BACKLOG)
    }

    fn listening(&self, backlog: i32) -> Socket {
        let socket = bound(self.address);
        socket.listen(backlog).expect("a socket that listens");
        socket
    }
}

fn taken_by_tokio(socket: Socket) -> TcpListener {
    socket.set_nonblocking(true).expect("a socket for tokio");
    TcpListener::from_std(socket.into()).expect("a listener")
}

fn bound(address: SocketAddr) -> Socket {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, Some(Protocol::TCP)).expect("a socket");
    socket.set_reuse_address(true).expect("an option");
    socket.bind(&address.into()).expect("a port");
    socket
}

/// What is at the port at present.
enum State {
    Open(TcpListener),
    Refuses,
    /// A listener whose queue is full, and those that fill it: the system drops further calls.
    Silent {
        _queue: TcpListener,
        _filling: Vec<TcpStream>,
    },
}

async fn state(port: &Port, door: Door) -> State {
    match door {
        Door::Open => State::Open(taken_by_tokio(port.open())),
        Door::Refuses => State::Refuses,
        Door::Silent => {
            let listener = taken_by_tokio(port.listening(0));
            let mut filling = Vec::new();
            while let Ok(Ok(one)) = timeout(FULL_AFTER, TcpStream::connect(port.address)).await {
                filling.push(one);
            }
            State::Silent {
                _queue: listener,
                _filling: filling,
            }
        }
    }
}

/// Takes connections, at first those of this socket, until nobody can say any more how.
pub(super) async fn keep(
    port: Port,
    first: Socket,
    server: SocketAddr,
    weather: watch::Receiver<Weather>,
    mut doors: mpsc::UnboundedReceiver<(Door, oneshot::Sender<()>)>,
    tally: Arc<Tally>,
) {
    let mut present = State::Open(taken_by_tokio(first));
    loop {
        let taken = async {
            match &present {
                State::Open(listener) => listener.accept().await,
                State::Refuses | State::Silent { .. } => std::future::pending().await,
            }
        };
        tokio::select! {
            told = doors.recv() => {
                let Some((door, done)) = told else { return };
                // The old one goes first, so that the port is free.
                drop(std::mem::replace(&mut present, State::Refuses));
                present = state(&port, door).await;
                // Whoever asked may have gone.
                let _ = done.send(());
            }
            Ok((client, _)) = taken => {
                let number = tally.connections.fetch_add(1, Ordering::AcqRel);
                let (weather, tally) = (weather.clone(), Arc::clone(&tally));
                tokio::spawn(carry::carry(number, client, server, weather, tally));
            }
        }
    }
}
