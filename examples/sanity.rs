use natrarium::{observables::Metrics, scene, simulation::Simulation};
fn main() {
    let mut args = std::env::args().skip(1);
    let name = args.next().unwrap();
    let settings: Vec<String> = args.collect();
    let seed = std::env::var("SEED").ok().and_then(|s| s.parse().ok());
    let scene = scene::load(&name).unwrap().with_settings(&settings).unwrap();
    let t = std::time::Instant::now();
    let mut s = Simulation::new(&scene, seed.unwrap_or(scene.spec.seed)).unwrap();
    println!("build {:?}", t.elapsed());
    let t = std::time::Instant::now();
    let mut next = 0.0;
    println!(
        "   cap   time  sites  hmax  mean   Rq   por  eta  cs   ell  reg tip base grow stop cracked film"
    );
    loop {
        s.advance(4);
        let m = s.capacity_mah_cm2(s.charge_sites());
        if m >= next || s.finished() {
            next = m + 0.1;
            let m = Metrics::measure(&s);
            println!(
                "{:.3} {:.1} {} {:.1} {:.2} {:.2} {:.2} {:.0}({:.0},{:.0},{:.0},{:.0}) {:.3} {:.1} {:?} {:.2} {:.2} {} {} {} {:.1}",
                m.areal_capacity_mah_cm2,
                m.time_s,
                m.sites_deposited,
                m.h_max_um,
                m.mean_height_um,
                m.rq_um,
                m.porosity,
                m.overpotential_mv,
                m.overpotential_sei_mv,
                m.overpotential_charge_transfer_mv,
                m.overpotential_concentration_mv,
                m.overpotential_nucleation_mv,
                m.surface_concentration_mol_l,
                m.robin_length_um,
                m.regime,
                m.tip_grown_fraction,
                m.base_grown_fraction,
                m.filaments_growing,
                m.filaments_stopped,
                m.cracked_patches,
                m.mean_film_nm
            );
        }
        if s.finished() {
            break;
        }
    }
    println!("{:?}  hash {:x} {:?}", t.elapsed(), s.state_hash(), s.imbalance());
    if let Ok(path)=std::env::var("RAW") {
        let snap=natrarium::observables::take_snapshot(&mut s,0,true);
        let [nx,ny,nz]=snap.sites; let mut out=vec![0u8;nx*ny*nz*2];
        for b in &snap.bricks { for (i,v) in b.sites.iter().enumerate(){ let (x,y,z)=(b.brick[0]*8+i%8,b.brick[1]*8+i/8%8,b.brick[2]*8+i/64); let k=x+nx*(y+ny*z); out[2*k]=v.kind as u8; out[2*k+1]=v.mode as u8; } }
        let mut head=format!("{nx} {ny} {nz}\n").into_bytes(); head.extend(out); std::fs::write(path,head).unwrap();
    }
    for e in s.events() {
        println!("{e:?}")
    }
}
