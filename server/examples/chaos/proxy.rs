//! Stands between devices and the server and spoils one request in four. It knows of HTTP only where a request ends; all else is bytes.
//!
//! Every request comes on a connection of its own and asks for `connection: close`, so an answer is what comes until the end.

use std::{io, net::SocketAddr, sync::Arc};

use anyhow::Result;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

use crate::{chance::Chance, weather::Weather};

/// Something that goes wrong on the way, or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Nothing,
    LoseRequest,
    /// As lost, but nobody hangs up: the device waits until its patience ends.
    Swallow,
    LoseAnswer,
    /// It arrives twice, at about the same time; the device gets one of the answers.
    Double,
    DelayRequest,
    DelayAnswer,
    CutRequest,
    CutAnswer,
    /// It arrives after the device has given up on it and sent others.
    HoldBack,
    /// A hotel's page to sign in, with the status 200.
    StrangersPage,
}

/// How many of a thousand requests meet which fault.
const SHARES: [(Fault, u32); 11] = [
    (Fault::Nothing, 740),
    (Fault::LoseRequest, 30),
    (Fault::Swallow, 3),
    (Fault::LoseAnswer, 45),
    (Fault::Double, 45),
    (Fault::DelayRequest, 20),
    (Fault::DelayAnswer, 20),
    (Fault::CutRequest, 30),
    (Fault::CutAnswer, 30),
    (Fault::HoldBack, 30),
    (Fault::StrangersPage, 7),
];

const STRANGERS_PAGE: &[u8] =
    b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 28\r\nconnection: close\r\n\r\n<h1>Welcome, dear guest</h1>";

/// Where the server answers now; none while it is down.
pub(crate) type Upstream = watch::Receiver<Option<SocketAddr>>;

/// Passes requests on until it is dropped.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    accepting: JoinHandle<()>,
}

/// One request on its way.
struct Passage {
    upstream: Upstream,
    weather: Arc<Weather>,
    chance: Chance,
}

impl Proxy {
    /// # Errors
    /// No port is free.
    pub(crate) async fn start(upstream: Upstream, weather: Arc<Weather>, mut chance: Chance) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let accepting = tokio::spawn(async move {
            loop {
                // What could not be accepted is one more lost request.
                let Ok((client, _)) = listener.accept().await else { continue };
                let passage = Passage { upstream: upstream.clone(), weather: Arc::clone(&weather), chance: chance.branch() };
                // Whoever is cut off sees it on their own side.
                tokio::spawn(async move { passage.carry(client).await.ok() });
            }
        });
        Ok(Self { address, accepting })
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Passage {
    async fn carry(mut self, mut client: TcpStream) -> io::Result<()> {
        let request = read_request(&mut client).await?;
        let fault = self.choose();
        match fault {
            Fault::LoseRequest => {}
            Fault::Swallow => drop(client.read(&mut [0; 1]).await?),
            Fault::StrangersPage => client.write_all(STRANGERS_PAGE).await?,
            Fault::HoldBack => {
                drop(client);
                tokio::time::sleep(self.chance.wait(20, 3_000)).await;
                self.ask(&request).await?;
            }
            Fault::CutRequest => {
                let mut server = self.connect().await?;
                server.write_all(&request[..self.chance.size(1, request.len() - 1)]).await?;
            }
            Fault::LoseAnswer => drop(self.ask(&request).await?),
            Fault::CutAnswer => {
                let answer = self.ask(&request).await?;
                client.write_all(&answer[..self.chance.size(0, answer.len().saturating_sub(1))]).await?;
            }
            Fault::Double => {
                let apart = self.chance.wait(0, 40);
                let again = async {
                    tokio::time::sleep(apart).await;
                    self.ask(&request).await
                };
                let (one, other) = tokio::join!(self.ask(&request), again);
                let answer = if self.chance.per_mille(500) { one } else { other };
                client.write_all(&answer?).await?;
            }
            Fault::Nothing | Fault::DelayRequest | Fault::DelayAnswer => {
                let wait = self.chance.wait(50, 2_500);
                if fault == Fault::DelayRequest {
                    tokio::time::sleep(wait).await;
                }
                let answer = self.ask(&request).await?;
                if fault == Fault::DelayAnswer {
                    tokio::time::sleep(wait).await;
                }
                client.write_all(&answer).await?;
            }
        }
        Ok(())
    }

    fn choose(&mut self) -> Fault {
        if self.weather.is_calm() {
            return Fault::Nothing;
        }
        let fault = self.chance.weighted(&SHARES).unwrap_or(Fault::Nothing);
        if let Some(name) = name(fault) {
            self.weather.count(name);
        }
        fault
    }

    async fn ask(&self, request: &[u8]) -> io::Result<Vec<u8>> {
        let mut server = self.connect().await?;
        server.write_all(request).await?;
        let mut answer = Vec::new();
        server.read_to_end(&mut answer).await?;
        Ok(answer)
    }

    async fn connect(&self) -> io::Result<TcpStream> {
        let address = *self.upstream.borrow();
        TcpStream::connect(address.ok_or(io::ErrorKind::ConnectionRefused)?).await
    }
}

/// The names of the faults that a run must have met to mean anything.
pub(crate) fn every_fault() -> Vec<&'static str> {
    SHARES.iter().filter(|(_, share)| *share >= 20).filter_map(|(fault, _)| name(*fault)).collect()
}

fn name(fault: Fault) -> Option<&'static str> {
    Some(match fault {
        Fault::Nothing => return None,
        Fault::LoseRequest => "requests lost",
        Fault::Swallow => "requests swallowed",
        Fault::LoseAnswer => "answers lost",
        Fault::Double => "requests doubled",
        Fault::DelayRequest => "requests delayed",
        Fault::DelayAnswer => "answers delayed",
        Fault::CutRequest => "requests cut",
        Fault::CutAnswer => "answers cut",
        Fault::HoldBack => "requests reordered",
        Fault::StrangersPage => "strangers' pages",
    })
}

/// Reads one request with its body.
async fn read_request(client: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut request = Vec::new();
    loop {
        if let Some(length) = length_of(&request)
            && request.len() >= length
        {
            return Ok(request);
        }
        if client.read_buf(&mut request).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
}

/// How long a request is as a whole, once its head is there.
fn length_of(request: &[u8]) -> Option<usize> {
    let end = request.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&request[..end]).to_ascii_lowercase();
    let body = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    Some(end + body.unwrap_or(0))
}
